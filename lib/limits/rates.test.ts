import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { type ConduitError, errorHeaders } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { makeDeployment } from "#lib/testing/deployments.ts";
import {
  addBudget,
  burst,
  captureLog,
  demandOf,
  makeCaller,
  makeLimits,
} from "#lib/testing/limits.ts";
import {
  findRedisServer,
  startRedis,
  startUpstashShim,
  type TestRedis,
  type UpstashShim,
} from "#lib/testing/redis.ts";
import {
  type Admission,
  type AdmitDemand,
  admit,
  admitDeployment,
  type DeploymentTicket,
  type DeploymentVerdict,
} from "./admit.ts";
import { closeLimits, configureLimits, getLimits, type Limits } from "./configure.ts";

/** Ten seconds into a minute. */
const START = Date.parse("2026-11-22T12:00:10Z");
const PATIENT_MS = 20_000;

let database: TestDatabase;
let redis: TestRedis | undefined;
let shim: UpstashShim | undefined;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
  if (findRedisServer() !== undefined) {
    redis = await startRedis();
    shim = await startUpstashShim(redis);
  }
});

beforeEach(() => {
  // The limiter's library reads the system's clock; timers and sockets run on.
  vi.useFakeTimers({ toFake: ["Date"], now: START });
});

afterEach(async () => {
  vi.useRealTimers();
  await closeLimits();
});

afterAll(async () => {
  await shim?.stop();
  await redis?.stop();
  await database.close();
});

const STORES = {
  memory: () => ({ redisUrl: undefined, upstash: undefined, replicas: 1 }),
  redis: () => ({ redisUrl: redis?.url, upstash: undefined, replicas: 3 }),
  upstash: () => ({ redisUrl: undefined, upstash: shim, replicas: 3 }),
};

type StoreName = keyof typeof STORES;

async function open(name: StoreName): Promise<Limits> {
  configureLimits({
    env: STORES[name](),
    databaseKind: database.kind,
    now: () => Date.now(),
    redisDeadlineMs: PATIENT_MS,
  });
  await getLimits().started;
  return getLimits();
}

function pass(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

async function refusalOf(demand: AdmitDemand): Promise<ConduitError> {
  return await admit(demand).then(
    () => Promise.reject(new Error("The request was admitted.")),
    (error: ConduitError) => error,
  );
}

/** How many more requests a caller gets in now, which is what a refusal must not change. */
async function leftFor(make: () => AdmitDemand, most = 50): Promise<number> {
  return (await burst(most, make)).admitted.length;
}

describe.each(Object.keys(STORES) as StoreName[])("rates in %s", (name) => {
  const missing = name !== "memory" && findRedisServer() === undefined;
  describe.skipIf(missing)("with a Redis where one is needed", () => {
    beforeEach(async () => {
      await open(name);
    });

    it("let through exactly the limit of a burst", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ rpm: 60 }) });
      const result = await burst(300, () => demandOf(caller));
      expect(result.admitted).toHaveLength(60);
      expect(new Set(result.refused)).toEqual(new Set(["rate_limit_exceeded"]));
    });

    it("do not start afresh at the full minute", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ rpm: 60 }) });
      pass(49_000);
      await burst(60, () => demandOf(caller));
      pass(2_000);
      // One second into the minute a sixtieth of the last one is out of sight.
      expect(await leftFor(() => demandOf(caller))).toBe(1);
      pass(29_000);
      expect(await leftFor(() => demandOf(caller))).toBe(29);
    });

    it("tell truthfully when to come back, whose limit it is and which", async () => {
      const caller = makeCaller({ keyAlias: "ci", keyLimits: makeLimits({ rpm: 2 }) });
      await burst(2, () => demandOf(caller));
      const refusal = await refusalOf(demandOf(caller));
      expect(refusal.message).toBe(
        'The limit of 2 requests per minute for key "ci" is reached. Please try again in 50.001s.',
      );
      expect(errorHeaders(refusal)).toEqual({
        "x-should-retry": "true",
        "retry-after": "51",
        "retry-after-ms": "50001",
      });
      pass((refusal.retryAfterMs ?? 0) - 1);
      await refusalOf(demandOf(caller));
      pass(1);
      await admit(demandOf(caller));
    });

    it("count tokens as estimated and then as used", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ tpm: 1_000 }) });
      const make = () => demandOf(caller, { estimateTokens: 400 });
      const first = await admit(make());
      await admit(make());
      const refusal = await refusalOf(make());
      expect(refusal.message).toContain('1000 tokens per minute for key "ci" is reached');
      await first.settle({ costNanos: 0n, tokens: 150 });
      await first.settle({ costNanos: 0n, tokens: 150 });
      expect(await leftFor(() => demandOf(caller, { estimateTokens: 50 }))).toBe(9);
    });

    it("count more tokens than estimated, and against the minute they were taken in", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ tpm: 1_000 }) });
      const first = await admit(demandOf(caller, { estimateTokens: 10 }));
      pass(65_000);
      await first.settle({ costNanos: 0n, tokens: 800 });
      // A quarter into the next minute three quarters of the 800 still count.
      expect(await leftFor(() => demandOf(caller, { estimateTokens: 100 }))).toBe(4);
    });

    it("tell a request that is larger than the whole limit that waiting does not help", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ tpm: 1_000 }) });
      const refusal = await refusalOf(demandOf(caller, { estimateTokens: 1_001 }));
      expect(refusal.message).toContain("Waiting does not help");
      expect(errorHeaders(refusal)).toEqual({ "x-should-retry": "false" });
    });

    it("hold slots until they are given back", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ maxParallel: 2 }) });
      const result = await burst(10, () => demandOf(caller));
      expect(result.admitted).toHaveLength(2);
      const refusal = await refusalOf(demandOf(caller));
      expect(refusal.message).toContain('2 requests at a time for key "ci" is reached');
      await result.admitted[0]?.settle({ costNanos: 0n, tokens: 0 });
      await result.admitted[0]?.release();
      expect(await leftFor(() => demandOf(caller))).toBe(1);
    });

    it("free the slot of a request that never came back when its lease ends", async () => {
      const caller = makeCaller({ keyLimits: makeLimits({ maxParallel: 1 }) });
      await admit(demandOf(caller, { leaseMs: 20 }));
      pass(20);
      await expect.poll(() => leftFor(() => demandOf(caller), 1), { timeout: 5_000 }).toBe(1);
    });

    it("say what is left of the tightest limit in OpenAI's headers", async () => {
      const caller = makeCaller({
        keyLimits: makeLimits({ rpm: 100, tpm: 5_000 }),
        teamId: newId(),
        teamName: "Research",
        teamLimits: makeLimits({ rpm: 10, tpm: 9_000 }),
      });
      const { headers } = await admit(demandOf(caller, { estimateTokens: 500 }));
      expect(headers).toEqual({
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-remaining-requests": "9",
        "x-ratelimit-reset-requests": "50s",
        "x-ratelimit-limit-tokens": "5000",
        "x-ratelimit-remaining-tokens": "4500",
        "x-ratelimit-reset-tokens": "50s",
      });
    });

    it("leave every counter as it was when any limit refuses", async () => {
      const budget = await addBudget({ limitNanos: 100n });
      const teamId = newId();
      const team = { teamId, teamName: "Research" };
      const generous = makeLimits({ rpm: 30, tpm: 3_000, maxParallel: 30 });
      const held: Admission[] = [];
      const fill = async (demand: AdmitDemand) => held.push(await admit(demand));
      const caller = makeCaller({ ...team, keyLimits: generous, teamLimits: generous });
      const probe = () => demandOf(caller, { estimateTokens: 100 });

      // Three refusals: by the key's slots, by the team's tokens, by the budget.
      const narrow = makeCaller({
        ...team,
        keyLimits: makeLimits({ rpm: 30, tpm: 3_000, maxParallel: 1 }),
        teamLimits: generous,
      });
      await fill(demandOf(narrow, { estimateTokens: 100 }));
      await refusalOf(demandOf(narrow, { estimateTokens: 100 }));
      const greedy = makeCaller({ ...team, keyLimits: generous, teamLimits: generous });
      await refusalOf(demandOf(greedy, { estimateTokens: 3_000 }));
      const poor = makeCaller({
        ...team,
        keyLimits: generous,
        teamLimits: generous,
        budgets: [budget],
      });
      const refusal = await refusalOf(demandOf(poor, { estimateNanos: 101n, estimateTokens: 100 }));
      expect(refusal.code).toBe("budget_exceeded");

      // 30 requests and 3,000 tokens of the team, of which one request with 100 was admitted.
      expect(await leftFor(probe)).toBe(29);
      for (const who of [greedy, poor]) {
        const own = makeCaller({ ...who, teamId: null, teamLimits: null, budgets: [] });
        expect(await leftFor(() => demandOf(own, { estimateTokens: 100 }))).toBe(30);
      }
    });

    it("let a deployment's own limits turn a request away without an error, told when to come back", async () => {
      const target = deployment({ maxRpm: 2, maxTpm: 1_000 });
      const ask = (estimateTokens: number) =>
        admitDeployment({ requestId: newId(), deployment: target, estimateTokens });
      const first = requireGranted(await ask(900));
      expect(await waitAfter(() => ask(200))).toBeGreaterThan(0);
      await first.settle({ tokens: 100 });
      await first.settle({ tokens: 100 });
      requireGranted(await ask(900));
      expect(await waitAfter(() => ask(1))).toBeGreaterThan(0);
      // What is larger than the limit itself never fits.
      const small = deployment({ maxTpm: 1_000 });
      expect(
        await admitDeployment({ requestId: newId(), deployment: small, estimateTokens: 1_001 }),
      ).toEqual({ granted: false, retryAfterMs: undefined });
    });
  });
});

describe.skipIf(findRedisServer() === undefined)("three replicas on one Redis", () => {
  it("let through together exactly one limit", async () => {
    const replicas: Limits[] = [];
    for (let at = 0; at < 3; at += 1) {
      dropSingleton("limits");
      replicas.push(await open("redis"));
    }
    const caller = makeCaller({ keyLimits: makeLimits({ rpm: 60, maxParallel: 50 }) });
    const result = await burst(
      300,
      () => demandOf(caller),
      (at, run) => {
        dropSingleton("limits");
        singleton("limits", () => replicas[at % 3]);
        return run();
      },
    );
    expect(result.admitted).toHaveLength(50);
    for (const replica of replicas) {
      replica.shared?.redis.close();
    }
  });
});

describe("a caller without limits", () => {
  it("is admitted without any store", async () => {
    // Nothing is configured: touching a limiter would throw.
    const admission = await admit(demandOf(makeCaller()));
    expect(admission.headers).toEqual({});
    expect(admission.reservation).toBeNull();
    expect(await admission.topUp(1n)).toBe(true);
    await admission.settle({ costNanos: 5n, tokens: 5 });
    const verdict = await admitDeployment({
      requestId: newId(),
      deployment: deployment({}),
      estimateTokens: 5,
    });
    await requireGranted(verdict).settle({ tokens: 5 });
  });

  it("and a limited one before the start finds the gateway not ready", async () => {
    const caller = makeCaller({ keyLimits: makeLimits({ rpm: 1 }) });
    await expect(admit(demandOf(caller))).rejects.toMatchObject({ code: "not_ready" });
  });
});

function requireGranted(verdict: DeploymentVerdict): DeploymentTicket {
  if (!verdict.granted) {
    throw new Error("The deployment's limits turned the request away.");
  }
  return verdict.ticket;
}

/** The wait that a refusal advises; fails when there is none. */
async function waitAfter(ask: () => Promise<DeploymentVerdict>): Promise<number> {
  const verdict = await ask();
  if (verdict.granted || verdict.retryAfterMs === undefined) {
    throw new Error("The request was not told to come back.");
  }
  return verdict.retryAfterMs;
}

function deployment(fields: Partial<Deployment>): Deployment {
  return makeDeployment("primary", { id: newId(), ...fields });
}
