import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { isConduitError, type UpstreamFailure } from "#lib/errors.ts";
import { makeDeployment } from "#lib/testing/deployments.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { Health } from "./health.ts";
import { Itinerary, type Move } from "./itinerary.ts";
import type { RoutePlan } from "./plan.ts";
import { RetryBudgets } from "./retry-budget.ts";

const a = makeDeployment("a");
const b = makeDeployment("b");
const c = makeDeployment("c");
const network: UpstreamFailure = { kind: "network" };
const server: UpstreamFailure = { kind: "server", status: 500 };

function makePlan(deployments: readonly Deployment[], maxAttempts = 3): RoutePlan {
  return {
    targets: deployments.map((deployment) => ({ deployment, reason: "test" })),
    alias: null,
    adjusted: [],
    maxAttempts,
    timeoutMs: null,
    group: "test",
  };
}

function makeWorld() {
  let nowMs = 0;
  const health = new Health({ clock: { nowMs: () => nowMs }, random: () => 0.5 });
  const budgets = new RetryBudgets();
  return {
    health,
    budgets,
    pass: (ms: number): void => {
      nowMs += ms;
    },
    travel: (deployments: readonly Deployment[], maxAttempts?: number): Itinerary =>
      new Itinerary({
        plan: makePlan(deployments, maxAttempts),
        deadlineMs: 60_000,
        nowMs: () => nowMs,
        random: () => 0.5,
        health,
        budgets,
      }),
    kill: (deployment: Deployment): void => {
      for (let time = 0; time < 5; time += 1) {
        health.reportFailure(deployment, network);
      }
    },
  };
}

function nameOf(move: Move | undefined): string {
  return move?.kind === "call" ? move.target.deployment.name : "give_up";
}

/** Where a request goes whose every attempt fails in this way. */
function wayOf(itinerary: Itinerary, failure: UpstreamFailure): string[] {
  const way = [itinerary.first().deployment.name];
  for (let move = itinerary.fail(failure); ; move = itinerary.fail(failure)) {
    way.push(nameOf(move));
    if (move.kind === "give_up") {
      return way;
    }
  }
}

describe("a request's way", () => {
  it("goes through the plan, then back to the last target while attempts are left", () => {
    expect(wayOf(makeWorld().travel([a, b]), server)).toEqual(["a", "b", "b", "give_up"]);
    expect(wayOf(makeWorld().travel([a, b, c]), server)).toEqual(["a", "b", "c", "give_up"]);
    expect(wayOf(makeWorld().travel([a]), server)).toEqual(["a", "a", "a", "give_up"]);
    expect(wayOf(makeWorld().travel([a, b, c], 2), server)).toEqual(["a", "b", "give_up"]);
  });

  it("a refused key, an empty account and a missing model go on to the next target alone", () => {
    for (const kind of ["auth", "quota", "model_missing"] as const) {
      expect(wayOf(makeWorld().travel([a, b]), { kind })).toEqual(["a", "b", "give_up"]);
    }
  });

  it("ends at a request that is itself at fault", () => {
    for (const kind of ["rejected", "context_length", "content_policy"] as const) {
      expect(wayOf(makeWorld().travel([a, b]), { kind })).toEqual(["a", "give_up"]);
    }
  });

  it("counts the attempts that were begun, not those that were skipped", () => {
    const itinerary = makeWorld().travel([a, b, c]);
    itinerary.first();
    expect(itinerary.skip()?.deployment.name).toBe("b");
    expect(itinerary.attempts).toBe(1);
    itinerary.fail(server);
    expect(itinerary.attempts).toBe(2);
    expect(itinerary.skip()).toBeUndefined();
    expect(itinerary.attempts).toBe(1);
  });

  it("advises a client to come back for a rate limit only", () => {
    const world = makeWorld();
    const limited = world.travel([a]);
    limited.first();
    const failure = { kind: "rate_limit", retryAfterMs: 30_000 } as const;
    expect(limited.fail(failure)).toEqual({ kind: "give_up", clientMayRetry: true });
    const failed = world.travel([b], 1);
    failed.first();
    expect(failed.fail(server)).toEqual({ kind: "give_up", clientMayRetry: false });
  });
});

describe("health", () => {
  it("puts a dead target last, and leaves it out while others answer", () => {
    const world = makeWorld();
    world.kill(a);
    expect(world.travel([a, b]).first().deployment.name).toBe("b");
  });

  it("tries a healthy target again rather than a dead one", () => {
    const world = makeWorld();
    world.kill(a);
    expect(wayOf(world.travel([a, b]), server)).toEqual(["b", "b", "b", "give_up"]);
  });

  it("tries a dead one when nothing else can answer", () => {
    const world = makeWorld();
    world.kill(a);
    const auth = { kind: "auth", status: 401 } as const;
    expect(wayOf(world.travel([a, b]), auth)).toEqual(["b", "a", "give_up"]);
  });

  it("never ejects the last target, and asks first the one that is due soonest", () => {
    const world = makeWorld();
    world.kill(a);
    world.pass(1_000);
    world.kill(b);
    expect(world.travel([b, a]).first().deployment.name).toBe("a");
  });

  it("sends one request at a time to a group that is gone and refuses the others at once", () => {
    const world = makeWorld();
    world.kill(a);
    world.pass(4_000);
    const probing = world.travel([a]);
    probing.first();
    let error: unknown;
    try {
      world.travel([a]).first();
    } catch (thrown) {
      error = thrown;
    }
    expect(isConduitError(error) && [error.code, error.status, error.retryAfterMs]).toEqual([
      "no_healthy_upstream",
      503,
      6_000,
    ]);
    probing.succeed({ latencyMs: 5 });
    expect(world.travel([a]).first().deployment.name).toBe("a");
  });

  it("gives a dead target its probe at its planned place, to one request", () => {
    const world = makeWorld();
    world.kill(a);
    world.pass(10_000);
    const early = world.travel([a, b]);
    const late = world.travel([a, b]);
    expect(early.first().deployment.name).toBe("a");
    expect(late.first().deployment.name).toBe("b");
    early.abandon();
    expect(world.travel([a, b]).first().deployment.name).toBe("a");
  });

  it("a skipped target gives its probe back", () => {
    const world = makeWorld();
    world.kill(a);
    world.pass(10_000);
    const itinerary = world.travel([a, b]);
    itinerary.first();
    itinerary.skip();
    expect(world.health.isReady(a)).toBe(true);
  });

  it("passes by a credential that cools down, and waits for it when it is the only one", () => {
    const world = makeWorld();
    const limited = { kind: "rate_limit", status: 429, retryAfterMs: 2_000 } as const;
    const first = world.travel([a, b]);
    first.first();
    expect(first.fail(limited)).toMatchObject({ kind: "call", delayMs: 0 });
    first.succeed({ latencyMs: 1 });
    expect(world.travel([a, b]).first().deployment.name).toBe("b");
    const alone = world.travel([a]);
    alone.first();
    expect(alone.fail(limited)).toMatchObject({
      kind: "call",
      delayMs: 2_125,
      target: { deployment: { name: "a" } },
    });
  });

  it("measures the target that answered", () => {
    const world = makeWorld();
    const itinerary = world.travel([a]);
    itinerary.first();
    itinerary.succeed({ latencyMs: 70 });
    expect(world.health.latencyMsOf(a)).toBe(70);
  });
});

describe("the retry budget", () => {
  it("fails fast when it is spent, but a fallback needs none", () => {
    const world = makeWorld();
    for (const _ of [1, 2, 3]) {
      world.budgets.takeRetry("test");
    }
    expect(wayOf(world.travel([a]), server)).toEqual(["a", "give_up"]);
    expect(wayOf(world.travel([a, b]), server)).toEqual(["a", "b", "give_up"]);
  });

  it(`${fault("F48")}: holds a group whose every answer is a failure to a fifth more, one by one too`, () => {
    const world = makeWorld();
    let attempts = 0;
    for (let round = 0; round < 500; round += 1) {
      const itinerary = world.travel([a]);
      wayOf(itinerary, round % 2 === 0 ? server : { kind: "overloaded", status: 503 });
      attempts += itinerary.attempts;
      world.pass(20);
    }
    expect(attempts / 500).toBeLessThanOrEqual(1.2);
  });

  it("is not even asked for a target that is known to be down", () => {
    const world = makeWorld();
    world.kill(a);
    expect(wayOf(world.travel([a]), network)).toEqual(["a", "give_up"]);
    expect(world.budgets.takeRetry("test")).toBe(true);
  });

  it("gets back the place of every retry, however it ended", () => {
    const world = makeWorld();
    const endings = [
      (itinerary: Itinerary) => itinerary.succeed({ latencyMs: 1 }),
      (itinerary: Itinerary) => itinerary.abandon(),
      (itinerary: Itinerary) => itinerary.fail({ kind: "rejected" }),
      (itinerary: Itinerary) => itinerary.skip(),
    ];
    for (let round = 0; round < 20; round += 1) {
      const itinerary = world.travel([a]);
      itinerary.first();
      expect(nameOf(itinerary.fail({ kind: "overloaded" }))).toBe("a");
      endings[round % endings.length]?.(itinerary);
      world.health.forget("a");
    }
  });
});

describe("for any plan and any failures", () => {
  const failureArbitrary = fc.record({
    kind: fc.constantFrom<UpstreamFailure["kind"]>(
      "rate_limit",
      "quota",
      "overloaded",
      "server",
      "timeout",
      "network",
      "protocol",
      "auth",
      "model_missing",
      "rejected",
    ),
  });

  it("the way ends within its attempts, and no target is returned to after another was asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(failureArbitrary, { minLength: 8, maxLength: 8 }),
        fc.uniqueArray(fc.nat(5), { maxLength: 6 }),
        (size, maxAttempts, failures, dead) => {
          const world = makeWorld();
          const deployments = Array.from({ length: size }, (_, at) => makeDeployment(`d${at}`));
          for (const at of dead) {
            world.kill(makeDeployment(`d${at}`));
          }
          const itinerary = world.travel(deployments, maxAttempts);
          const way = [itinerary.first().deployment.name];
          for (const failure of failures) {
            const move = itinerary.fail(failure);
            if (move.kind === "give_up") {
              break;
            }
            way.push(move.target.deployment.name);
          }
          expect(way.length).toBeLessThanOrEqual(maxAttempts);
          expect(way.length).toBe(itinerary.attempts);
          const stays = way.filter((name, at) => name !== way[at - 1]);
          expect(new Set(stays).size).toBe(stays.length);
        },
      ),
    );
  });
});
