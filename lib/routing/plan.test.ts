import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alias, Deployment, RoutingStrategy, Snapshot } from "#lib/contract/snapshot.ts";
import { isConduitError } from "#lib/errors.ts";
import { makeAlias, makeDeployment, makeSnapshot } from "#lib/testing/deployments.ts";
import { listModels } from "./models.ts";
import { type PlanInput, planRoute } from "./plan.ts";

/** A seeded generator (mulberry32), so that a statistical test is the same test every time. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function planOf(snapshot: Snapshot, model: string, changes: Partial<PlanInput> = {}) {
  return planRoute({
    snapshot,
    model,
    allowedModels: null,
    random: seededRandom(1),
    latencyMsOf: () => undefined,
    costOf: () => undefined,
    ...changes,
  });
}

function namesOf(snapshot: Snapshot, model: string, changes: Partial<PlanInput> = {}): string[] {
  return planOf(snapshot, model, changes).targets.map(({ deployment }) => deployment.name);
}

function errorOf(run: () => unknown): { code: string; message: string; status: number } {
  try {
    run();
  } catch (error) {
    if (isConduitError(error)) {
      return error;
    }
  }
  throw new Error("nothing was thrown");
}

const east = makeDeployment("east", { modelName: "big" });
const west = makeDeployment("west", { modelName: "big" });
const small = makeDeployment("small-1", { modelName: "small" });

describe("what a name stands for", () => {
  it("an alias hides a model and a deployment of the same name", () => {
    const shadow = makeDeployment("big", { modelName: "other" });
    const snapshot = makeSnapshot([east, shadow, small], [makeAlias("big", [small])]);
    expect(planOf(snapshot, "big")).toMatchObject({ alias: "big", adjusted: [], group: "big" });
    expect(namesOf(snapshot, "big")).toEqual(["small-1"]);
  });

  it("a model name hides a deployment of the same name", () => {
    const shadow = makeDeployment("big", { modelName: "other" });
    const snapshot = makeSnapshot([east, west, shadow]);
    expect(namesOf(snapshot, "big").toSorted()).toEqual(["east", "west"]);
    expect(planOf(snapshot, "big").alias).toBeNull();
  });

  it("a deployment is found by its own name", () => {
    expect(namesOf(makeSnapshot([east, west]), "west")).toEqual(["west"]);
  });

  it("the catch-all answers for any other name and says so", () => {
    const snapshot = makeSnapshot([east, small], [makeAlias("*", [small])]);
    expect(planOf(snapshot, "never-heard-of")).toMatchObject({
      alias: "*",
      adjusted: ["model"],
      group: "*",
    });
    expect(planOf(snapshot, "big").adjusted).toEqual([]);
    expect(planOf(snapshot, "*").adjusted).toEqual(["model"]);
  });

  it("names inherited from Object are no models", () => {
    const snapshot = makeSnapshot([east]);
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(errorOf(() => planOf(snapshot, name)).code).toBe("model_not_found");
    }
  });

  it("an alias's own limits are in the plan, and three attempts when it sets none", () => {
    const alias = makeAlias("fast", [east], { maxAttempts: 5, timeoutMs: 1_500 });
    const snapshot = makeSnapshot([east], [alias]);
    expect(planOf(snapshot, "fast")).toMatchObject({ maxAttempts: 5, timeoutMs: 1_500 });
    expect(planOf(snapshot, "east")).toMatchObject({ maxAttempts: 3, timeoutMs: null });
  });
});

describe("who may ask for it", () => {
  const snapshot = makeSnapshot([east, small], [makeAlias("fast", [east])]);

  it("an allowed alias suffices for whatever it leads to", () => {
    expect(namesOf(snapshot, "fast", { allowedModels: new Set(["fast"]) })).toEqual(["east"]);
  });

  it("an allowed model does not open the alias or the deployment that lead to it", () => {
    const allowedModels = new Set(["big"]);
    expect(errorOf(() => planOf(snapshot, "fast", { allowedModels })).code).toBe("model_not_found");
    expect(errorOf(() => planOf(snapshot, "east", { allowedModels })).code).toBe("model_not_found");
  });

  it("unknown and not allowed read the same, and name only what the key may use", () => {
    const allowedModels = new Set(["small", "gone"]);
    const unknown = errorOf(() => planOf(snapshot, "nope", { allowedModels }));
    const refused = errorOf(() => planOf(snapshot, "fast", { allowedModels }));
    expect(unknown).toMatchObject({ status: 404, param: "model" });
    expect(unknown.message.replace("nope", "fast")).toBe(refused.message);
    expect(refused.message).toContain("small");
    expect(refused.message).not.toMatch(/east|gone|big/);
  });

  it("the message names at most twenty models and repeats no endless name", () => {
    const many = Array.from({ length: 30 }, (_, index) => makeDeployment(`d${index}`));
    const { message } = errorOf(() => planOf(makeSnapshot(many), "x".repeat(100_000)));
    expect(message).toContain("and 40 more");
    expect(message.length).toBeLessThan(1_000);
  });

  it("a list with * allows every name", () => {
    expect(namesOf(snapshot, "small", { allowedModels: new Set(["*"]) })).toEqual(["small-1"]);
  });
});

describe("who is left out", () => {
  it("inactive deployments and members that are gone", () => {
    const off = makeDeployment("off", { modelName: "big", isActive: false });
    const gone = makeDeployment("gone");
    const snapshot = makeSnapshot([east, off], [makeAlias("fast", [gone, off, east])]);
    expect(namesOf(snapshot, "big")).toEqual(["east"]);
    expect(namesOf(snapshot, "fast")).toEqual(["east"]);
  });

  it("a name with inactive deployments alone is 503 and not somebody else's", () => {
    const off = makeDeployment("off", { modelName: "big", isActive: false });
    const snapshot = makeSnapshot([off, small], [makeAlias("*", [small])]);
    expect(errorOf(() => planOf(snapshot, "big"))).toMatchObject({
      code: "no_healthy_upstream",
      status: 503,
    });
  });
});

describe("order", () => {
  it("priority: lower first, weight inside a priority, spares last", () => {
    const first = makeDeployment("first", { modelName: "m", priority: 1, weight: 1 });
    const spare = makeDeployment("spare", { modelName: "m", priority: 1, weight: 0 });
    const second = makeDeployment("second", { modelName: "m", priority: 2, weight: 10_000 });
    const snapshot = makeSnapshot([second, spare, first]);
    for (let seed = 0; seed < 50; seed += 1) {
      const names = namesOf(snapshot, "m", { random: seededRandom(seed) });
      expect(names).toEqual(["first", "spare", "second"]);
    }
  });

  it("weights are shares of first places", () => {
    const heavy = makeDeployment("heavy", { modelName: "m", weight: 75 });
    const light = makeDeployment("light", { modelName: "m", weight: 25 });
    const snapshot = makeSnapshot([light, heavy]);
    const random = seededRandom(7);
    let heavyFirst = 0;
    for (let round = 0; round < 10_000; round += 1) {
      heavyFirst += namesOf(snapshot, "m", { random })[0] === "heavy" ? 1 : 0;
    }
    // The standard deviation of the share is 0.43 %.
    expect(heavyFirst / 10_000).toBeGreaterThan(0.73);
    expect(heavyFirst / 10_000).toBeLessThan(0.77);
  });

  it("weighted looks past priorities", () => {
    const alias = makeAlias("fast", [], {
      strategy: "weighted",
      members: [
        { deploymentId: "east", priority: 9, weight: 100 },
        { deploymentId: "west", priority: 1, weight: 0 },
      ],
    });
    expect(namesOf(makeSnapshot([east, west], [alias]), "fast")).toEqual(["east", "west"]);
  });

  it("lowest cost: cheapest first, unpriced last although nothing says that they cost anything", () => {
    const members = ["dear", "unpriced", "free", "cheap"].map((name) => makeDeployment(name));
    const costs: Record<string, bigint> = { dear: 900n, free: 0n, cheap: 2n };
    const alias = makeAlias("fast", members, { strategy: "lowest_cost" });
    const plan = planOf(makeSnapshot(members, [alias]), "fast", {
      costOf: ({ name }) => costs[name],
    });
    expect(plan.targets.map(({ deployment, reason }) => [deployment.name, reason])).toEqual([
      ["free", 'alias "fast": cost 0 nanos'],
      ["cheap", 'alias "fast": cost 2 nanos'],
      ["dear", 'alias "fast": cost 900 nanos'],
      ["unpriced", 'alias "fast": no price'],
    ]);
  });

  it("lowest latency: the unmeasured gets a try, then the fastest", () => {
    const members = ["slow", "fresh", "quick"].map((name) => makeDeployment(name));
    const latenciesMs: Record<string, number> = { slow: 900, quick: 80 };
    const alias = makeAlias("fast", members, { strategy: "lowest_latency" });
    const names = namesOf(makeSnapshot(members, [alias]), "fast", {
      latencyMsOf: ({ name }) => latenciesMs[name],
    });
    expect(names).toEqual(["fresh", "quick", "slow"]);
  });
});

describe("fallbacks", () => {
  it("follow aliases, models and deployments, each deployment once, in order", () => {
    const spare = makeDeployment("spare", { modelName: "spare-model" });
    const snapshot = makeSnapshot(
      [east, small, spare],
      [
        makeAlias("main", [east], { fallbacks: ["backup", "unheard-of", "spare", "big"] }),
        makeAlias("backup", [east, small], { strategy: "lowest_cost" }),
        makeAlias("*", [west]),
      ],
    );
    const plan = planOf(snapshot, "main", { costOf: () => 5n });
    expect(plan.targets.map(({ deployment, reason }) => [deployment.name, reason])).toEqual([
      ["east", 'alias "main": priority 1'],
      ["small-1", 'fallback to alias "backup": cost 5 nanos'],
      ["spare", 'fallback to deployment "spare": priority 1'],
    ]);
  });

  it("an alias without members lives by its fallbacks", () => {
    const snapshot = makeSnapshot([east], [makeAlias("main", [], { fallbacks: ["big"] })]);
    expect(namesOf(snapshot, "main")).toEqual(["east"]);
  });
});

const deploymentsArbitrary = fc
  .uniqueArray(fc.nat(12), { minLength: 1, maxLength: 8 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({ priority: fc.nat(3), weight: fc.nat(200), isActive: fc.boolean() })
          .map((row) => makeDeployment(`d${id}`, { ...row, modelName: `m${id % 3}` })),
      ),
    ),
  );

const strategyArbitrary = fc.constantFrom<RoutingStrategy>(
  "priority",
  "weighted",
  "lowest_cost",
  "lowest_latency",
);

function aliasesArbitrary(deployments: readonly Deployment[]): fc.Arbitrary<Alias[]> {
  const names = ["a0", "a1", "a2", "a3"];
  const targets = [...names, "*", "m0", "m1", "m2", ...deployments.map(({ name }) => name)];
  return fc.tuple(
    ...names.map((name) =>
      fc
        .record({
          members: fc.subarray([...deployments]),
          strategy: strategyArbitrary,
          fallbacks: fc.array(fc.constantFrom(...targets), { maxLength: 4 }),
        })
        .map(({ members, ...row }) => makeAlias(name, members, row)),
    ),
  );
}

const worldArbitrary = deploymentsArbitrary.chain((deployments) =>
  fc.record({
    deployments: fc.constant(deployments),
    aliases: aliasesArbitrary(deployments),
    seed: fc.nat(),
  }),
);

/** Everything active that a name leads to, found by walking the configuration itself. */
function reachable(snapshot: Snapshot, start: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue = [start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) {
      continue;
    }
    seen.add(name);
    const alias = snapshot.aliases.get(name);
    queue.push(...(alias?.fallbacks ?? []));
    const own = snapshot.byModelName.get(name) ?? [snapshot.byName.get(name)];
    const members = alias?.members.map((member) => snapshot.deployments.get(member.deploymentId));
    for (const deployment of members ?? own) {
      if (deployment?.isActive) {
        found.add(deployment.id);
      }
    }
  }
  return found;
}

describe("for any configuration", () => {
  it("a plan is a permutation of what the name leads to: no loop, no double, nobody lost", () => {
    fc.assert(
      fc.property(worldArbitrary, ({ deployments, aliases, seed }) => {
        const snapshot = makeSnapshot(deployments, aliases);
        for (const { name } of aliases) {
          const expected = reachable(snapshot, name);
          if (expected.size === 0) {
            expect(errorOf(() => planOf(snapshot, name)).code).toBe("no_healthy_upstream");
            continue;
          }
          const random = seededRandom(seed);
          const names = namesOf(snapshot, name, { random });
          expect(names.length).toBe(expected.size);
          expect(new Set(names)).toEqual(expected);
        }
      }),
    );
  });

  it("no lower priority number stands behind a higher one in a model's group", () => {
    fc.assert(
      fc.property(worldArbitrary, ({ deployments, seed }) => {
        const snapshot = makeSnapshot(deployments.map((row) => ({ ...row, modelName: "m" })));
        const active = deployments.filter(({ isActive }) => isActive);
        fc.pre(active.length > 0);
        const plan = planOf(snapshot, "m", { random: seededRandom(seed) });
        const priorities = plan.targets.map(({ deployment }) => deployment.priority);
        expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
      }),
    );
  });

  it("every listed name can be planned, and the catch-all is not listed", () => {
    fc.assert(
      fc.property(worldArbitrary, ({ deployments, aliases }) => {
        const everything = makeAlias("*", deployments);
        const snapshot = makeSnapshot(deployments, [...aliases, everything]);
        const names = listModels({ snapshot, allowedModels: null }).map(({ name }) => name);
        expect(names).toEqual([...new Set(names)].toSorted());
        expect(names).not.toContain("*");
        for (const name of names) {
          expect(planOf(snapshot, name).targets.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("the list of models", () => {
  const far = makeDeployment("far", { modelName: "big", provider: "other" });
  const snapshot = makeSnapshot([east, far, small], [makeAlias("fast", [small])]);

  it("holds aliases, model names and deployment names, with the provider where there is one", () => {
    expect(listModels({ snapshot, allowedModels: null })).toEqual([
      { name: "big", kind: "model", provider: null },
      { name: "east", kind: "deployment", provider: "mock" },
      { name: "far", kind: "deployment", provider: "other" },
      { name: "fast", kind: "alias", provider: "mock" },
      { name: "small", kind: "model", provider: "mock" },
      { name: "small-1", kind: "deployment", provider: "mock" },
    ]);
  });

  it("shows a key no more than its own names, those of the catch-all included", () => {
    const allowedModels = new Set(["fast", "made-up"]);
    const names = (from: Snapshot) =>
      listModels({ snapshot: from, allowedModels }).map(({ name }) => name);
    expect(names(snapshot)).toEqual(["fast"]);
    const withCatchAll = makeSnapshot(
      [small],
      [makeAlias("fast", [small]), makeAlias("*", [small])],
    );
    expect(names(withCatchAll)).toEqual(["fast", "made-up"]);
  });
});
