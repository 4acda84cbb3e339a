import { describe, expect, it } from "vitest";
import type { UpstreamFailure } from "#lib/errors.ts";
import { makeDeployment } from "#lib/testing/deployments.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { getHealth, Health, type HealthEvent } from "./health.ts";

const START_MS = 1_800_000_000_000;
const network: UpstreamFailure = { kind: "network" };
const server: UpstreamFailure = { kind: "server", status: 500 };

/** A health whose clock moves only when told to; `random` of one half is no jitter. */
function makeHealth({ random = (): number => 0.5 } = {}) {
  let nowMs = START_MS;
  const health = new Health({ clock: { nowMs: () => nowMs }, random });
  const events: HealthEvent[] = [];
  health.onChange((event) => events.push(event));
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { health, events, pass };
}

const a = makeDeployment("a");

function fail(health: Health, failure: UpstreamFailure, times: number, deployment = a): void {
  for (let time = 0; time < times; time += 1) {
    health.reportFailure(deployment, failure);
  }
}

function succeed(health: Health, times: number): void {
  for (let time = 0; time < times; time += 1) {
    health.reportSuccess(a, { latencyMs: 10 });
  }
}

function stateOf(health: Health): string {
  return health.healthOf("a").state;
}

describe("a breaker opens", () => {
  it("at half of at least twenty requests, not before", () => {
    const { health } = makeHealth();
    succeed(health, 10);
    fail(health, server, 9);
    expect(stateOf(health)).toBe("closed");
    fail(health, server, 1);
    expect(stateOf(health)).toBe("open");
    expect(health.isReady(a)).toBe(false);
  });

  it("not at less than half, however many fail", () => {
    const { health } = makeHealth();
    for (let round = 0; round < 200; round += 1) {
      succeed(health, 2);
      fail(health, server, 1);
    }
    expect(stateOf(health)).toBe("closed");
  });

  it("at five requests in a row without an answer", () => {
    const { health } = makeHealth();
    fail(health, network, 4);
    expect(stateOf(health)).toBe("closed");
    fail(health, { kind: "timeout" }, 1);
    expect(health.healthOf("a")).toEqual({
      state: "open",
      sinceMs: START_MS,
      retryAtMs: START_MS + 10_000,
      reason: "requests in a row got no answer; the last one: timeout",
    });
  });

  it("not when an answer, even a refusal, comes between", () => {
    const { health } = makeHealth();
    for (const failure of [server, { kind: "rejected", status: 400 } as const]) {
      fail(health, network, 4);
      fail(health, failure, 1);
    }
    fail(health, network, 4);
    expect(stateOf(health)).toBe("closed");
  });

  it("only for what speaks against the upstream: no 4xx, no rate limit", () => {
    const { health } = makeHealth();
    const harmless: UpstreamFailure[] = [
      { kind: "rate_limit", status: 429 },
      { kind: "quota", status: 402 },
      { kind: "auth", status: 401 },
      { kind: "model_missing", status: 404 },
      { kind: "rejected", status: 422 },
      { kind: "context_length", status: 400 },
      { kind: "content_policy", status: 400 },
      { kind: "timeout", status: 408 },
      { kind: "overloaded", status: 498 },
    ];
    for (const failure of harmless) {
      fail(health, failure, 30);
    }
    expect(stateOf(health)).toBe("closed");
    for (const kind of ["server", "overloaded", "protocol"] as const) {
      const { health: other } = makeHealth();
      fail(other, { kind, status: 529 }, 20);
      expect(stateOf(other)).toBe("open");
    }
  });

  it("by the last thirty seconds alone", () => {
    const { health, pass } = makeHealth();
    fail(health, server, 19);
    pass(31_000);
    fail(health, server, 19);
    expect(stateOf(health)).toBe("closed");
    pass(20_000);
    fail(health, server, 1);
    expect(stateOf(health)).toBe("open");
  });
});

describe("an open breaker", () => {
  it("lets one probe through after ten seconds and closes after three good ones", () => {
    const { health, events, pass } = makeHealth();
    fail(health, network, 5);
    pass(9_999);
    expect(health.checkTarget(a)).toEqual({ allowed: false, retryAtMs: START_MS + 10_000 });
    pass(1);
    for (let probe = 0; probe < 3; probe += 1) {
      expect(health.checkTarget(a)).toEqual({ allowed: true });
      expect(stateOf(health)).toBe("half_open");
      expect(health.isReady(a)).toBe(false);
      expect(health.checkTarget(a).allowed).toBe(false);
      succeed(health, 1);
    }
    expect(stateOf(health)).toBe("closed");
    expect(events.map((event) => event.kind === "breaker" && [event.from, event.to])).toEqual([
      ["closed", "open"],
      ["open", "half_open"],
      ["half_open", "closed"],
    ]);
  });

  it("takes a refusal for a good probe: the upstream is there", () => {
    const { health, pass } = makeHealth();
    fail(health, network, 5);
    pass(10_000);
    for (let probe = 0; probe < 3; probe += 1) {
      expect(health.checkTarget(a).allowed).toBe(true);
      fail(health, { kind: "rejected", status: 400 }, 1);
    }
    expect(stateOf(health)).toBe("closed");
  });

  it("stays open twice as long after each failed probe, two minutes at most, then starts anew", () => {
    const { health, pass } = makeHealth();
    fail(health, network, 5);
    for (const heldMs of [10_000, 20_000, 40_000, 80_000, 120_000, 120_000]) {
      expect(health.restMsOf(a)).toBe(heldMs);
      pass(heldMs);
      expect(health.checkTarget(a).allowed).toBe(true);
      fail(health, network, 1);
      expect(stateOf(health)).toBe("open");
    }
    pass(120_000);
    for (let probe = 0; probe < 3; probe += 1) {
      health.checkTarget(a);
      succeed(health, 1);
    }
    fail(health, network, 5);
    expect(health.restMsOf(a)).toBe(10_000);
  });

  it("holds for a fifth more or less, so that replicas do not probe as one", () => {
    for (const [random, heldMs] of [
      [0, 8_000],
      [0.999_999, 12_000],
    ] as const) {
      const { health } = makeHealth({ random: () => random });
      fail(health, network, 5);
      expect(Math.round(health.restMsOf(a))).toBe(heldMs);
    }
  });

  it("gets its probe back from a caller who hung up, and from one who never reported", () => {
    const { health, pass } = makeHealth();
    fail(health, network, 5);
    pass(10_000);
    health.checkTarget(a);
    health.releaseTarget(a);
    expect(health.checkTarget(a).allowed).toBe(true);
    expect(health.checkTarget(a).allowed).toBe(false);
    pass(120_000);
    expect(health.checkTarget(a).allowed).toBe(true);
  });

  it("is not held open longer by the late failures of requests sent before", () => {
    const { health } = makeHealth();
    fail(health, network, 50);
    expect(health.restMsOf(a)).toBe(10_000);
  });
});

describe("the last resort", () => {
  it("of an upstream that fails every other request is full service", () => {
    const { health } = makeHealth();
    succeed(health, 10);
    fail(health, server, 10);
    expect(health.checkTarget(a).allowed).toBe(false);
    expect(health.checkTarget(a, { lastResort: true }).allowed).toBe(true);
    expect(health.checkTarget(a, { lastResort: true }).allowed).toBe(true);
  });

  it("of one that is gone is a single request at a time, and its return is seen at once", () => {
    const { health } = makeHealth();
    fail(health, network, 5);
    expect(health.checkTarget(a, { lastResort: true }).allowed).toBe(true);
    expect(health.checkTarget(a, { lastResort: true })).toEqual({
      allowed: false,
      retryAtMs: START_MS + 10_000,
    });
    fail(health, network, 1);
    expect(health.restMsOf(a)).toBe(10_000);
    for (let probe = 0; probe < 3; probe += 1) {
      expect(health.checkTarget(a, { lastResort: true }).allowed).toBe(true);
      succeed(health, 1);
    }
    expect(stateOf(health)).toBe("closed");
  });

  it("recovers in full service as well", () => {
    const { health, pass } = makeHealth();
    fail(health, server, 20);
    pass(10_000);
    for (let round = 0; round < 3; round += 1) {
      expect(health.checkTarget(a, { lastResort: true }).allowed).toBe(true);
      succeed(health, 1);
    }
    expect(stateOf(health)).toBe("closed");
  });
});

describe(`${fault("F13")}: a credential`, () => {
  const key = { credentialId: "shared" };
  const one = makeDeployment("one", key);
  const two = makeDeployment("two", key);
  const other = makeDeployment("other");

  it("cools down for all its deployments until the time that the upstream named", () => {
    const { health, events, pass } = makeHealth();
    fail(health, { kind: "rate_limit", status: 429, retryAfterMs: 30_000 }, 2, one);
    expect([health.isReady(one), health.isReady(two), health.isReady(other)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(health.checkTarget(two)).toEqual({ allowed: false, retryAtMs: START_MS + 30_000 });
    expect(health.checkTarget(two, { lastResort: true }).allowed).toBe(true);
    expect(health.healthOf("one")).toMatchObject({
      state: "closed",
      reason: "the upstream limits this credential's rate",
    });
    expect(events).toEqual([
      {
        kind: "rest",
        deploymentId: "one",
        deploymentName: "one",
        reason: "rate_limit",
        untilMs: START_MS + 30_000,
      },
    ]);
    pass(30_000);
    expect(health.isReady(one)).toBe(true);
    expect(health.healthOf("one").reason).toBeNull();
  });

  it("is not sent away for years, nor for no time, by an absurd header", () => {
    const restMs = (retryAfterMs: number): number => {
      const { health } = makeHealth();
      fail(health, { kind: "rate_limit", retryAfterMs }, 1, one);
      return health.restMsOf(one);
    };
    expect(restMs(1e15)).toBe(3_600_000);
    expect(restMs(Number.POSITIVE_INFINITY)).toBe(3_600_000);
    expect(restMs(-5)).toBe(250);
  });

  it("rests five seconds for a bare 429, a minute when refused, ten without credit", () => {
    for (const [kind, ms] of [
      ["rate_limit", 5_000],
      ["auth", 60_000],
      ["quota", 600_000],
    ] as const) {
      const { health } = makeHealth();
      fail(health, { kind }, 1, one);
      expect(health.restMsOf(two)).toBe(ms);
    }
  });

  it("is awake again when it works, but a late success does not lift a rate limit", () => {
    const { health } = makeHealth();
    fail(health, { kind: "auth", status: 401 }, 1, one);
    health.reportSuccess(two, { latencyMs: 1 });
    expect(health.isReady(one)).toBe(true);
    fail(health, { kind: "rate_limit", status: 429 }, 1, one);
    health.reportSuccess(two, { latencyMs: 1 });
    expect(health.isReady(one)).toBe(false);
  });

  it("that was replaced, or another address, starts with a closed breaker", () => {
    const { health } = makeHealth();
    for (const change of [{ credentialId: "new" }, { apiBase: "http://127.0.0.1:10" }]) {
      fail(health, network, 5);
      expect(health.isReady(a)).toBe(false);
      expect(health.isReady({ ...a, ...change })).toBe(true);
    }
  });

  it("and its deployment are forgotten on demand", () => {
    const { health } = makeHealth();
    fail(health, network, 5);
    fail(health, { kind: "quota" }, 1);
    health.forget("a");
    expect(health.isReady(a)).toBe(true);
    expect(health.healthOf("a")).toMatchObject({ state: "closed", reason: null });
  });
});

describe("latency", () => {
  it("is smoothed, and unknown before the first answer and five minutes after the last", () => {
    const { health, pass } = makeHealth();
    expect(health.latencyMsOf(a)).toBeUndefined();
    health.reportSuccess(a, { latencyMs: 100 });
    expect(health.latencyMsOf(a)).toBe(100);
    health.reportSuccess(a, { latencyMs: 200 });
    expect(health.latencyMsOf(a)).toBe(120);
    pass(300_000);
    expect(health.latencyMsOf(a)).toBeUndefined();
    health.reportSuccess(a, { latencyMs: 900 });
    expect(health.latencyMsOf(a)).toBe(900);
  });
});

describe("the process's health", () => {
  it("is one, and its times are times of day", () => {
    expect(getHealth()).toBe(getHealth());
    expect(Math.abs(getHealth().healthOf("nobody").sinceMs - Date.now())).toBeLessThan(60_000);
  });

  it("stops telling a listener that left", () => {
    const { health } = makeHealth();
    const seen: HealthEvent[] = [];
    const leave = health.onChange((event) => seen.push(event));
    fail(health, { kind: "auth" }, 1);
    leave();
    fail(health, network, 5);
    expect(seen.map(({ kind }) => kind)).toEqual(["rest"]);
  });
});
