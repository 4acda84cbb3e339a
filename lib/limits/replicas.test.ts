import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Caller } from "#lib/contract/caller.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import {
  type Burst,
  burst,
  captureLog,
  demandOf,
  makeCaller,
  makeLimits,
} from "#lib/testing/limits.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure, tier } from "#lib/testing/tier.ts";
import { configureLimits, getLimits, type Limits } from "./configure.ts";

const REPLICAS = 3;
const WINDOWS = 10;
const STEPS = 24;
const STEP_MS = 60_000 / STEPS;
/** Five times the limit is asked for. */
const LOAD = 5;
/** A multiple of the replicas, so that their shares add up to it, and of the steps. */
const LIMIT = byTier({ quick: 24, all: 240 });
const TOKENS = 100;
const TEN_MINUTES_TAKE_MS = byTier({ quick: 60_000, all: 600_000 });
/** Slow machines must not look like a slow Redis here. */
const PATIENT_MS = 20_000;
const START = Date.parse("2026-11-22T12:00:00Z");

let database: TestDatabase;
let redis: TestRedis | undefined;
let replicas: Limits[] = [];

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
  redis = findRedisServer() === undefined ? undefined : await startRedis();
});

beforeEach(() => {
  // The limiter's library reads the system's clock; timers and sockets run on.
  vi.useFakeTimers({ toFake: ["Date"], now: START });
});

afterEach(() => {
  vi.useRealTimers();
  redis?.resume();
  for (const replica of replicas) {
    replica.shared?.redis.close();
  }
  replicas = [];
  dropSingleton("limits");
});

afterAll(async () => {
  await redis?.stop();
  await database.close();
});

const STORES = {
  redis: () => redis?.url,
  // Nothing listens on port 1: every replica counts for itself.
  alone: () => "redis://127.0.0.1:1",
};

/** What may be let through beyond a limit, as a part of it. */
const MOST_OVER = { redis: 0.01, alone: 0 } as const;

async function open(name: keyof typeof STORES, redisDeadlineMs = PATIENT_MS): Promise<void> {
  for (let at = 0; at < REPLICAS; at += 1) {
    dropSingleton("limits");
    configureLimits({
      env: { redisUrl: STORES[name](), upstash: undefined, replicas: REPLICAS },
      databaseKind: database.kind,
      now: () => Date.now(),
      redisDeadlineMs,
    });
    replicas.push(getLimits());
  }
  await Promise.all(replicas.map(({ started }) => started));
}

function ask(caller: Caller, count: number, estimateTokens = 0): Promise<Burst> {
  return burst(
    count,
    () => demandOf(caller, { estimateTokens }),
    (at, run) => {
      dropSingleton("limits");
      singleton("limits", () => replicas[at % REPLICAS]);
      return run();
    },
  );
}

/** What was let through in each step of ten minutes under five times the load that is allowed. */
async function tenMinutes(caller: Caller, tokens: number): Promise<number[]> {
  const admitted: number[] = [];
  for (let step = 0; step < WINDOWS * STEPS; step += 1) {
    vi.setSystemTime(START + step * STEP_MS);
    admitted.push((await ask(caller, (LIMIT * LOAD) / STEPS, tokens)).admitted.length);
  }
  return admitted;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** The most that was let through in ten seconds on both sides of the end of a minute. */
function mostAtBoundary(admitted: readonly number[]): number {
  const ends = Array.from({ length: WINDOWS - 1 }, (_, at) => (at + 1) * STEPS);
  return Math.max(...ends.map((end) => sum(admitted.slice(end - 2, end + 2))));
}

/** By how much of the limit the worst minute is over it. */
function worstOf(minutes: readonly number[]): number {
  return Math.max(0, ...minutes.map((count) => count - LIMIT)) / LIMIT;
}

function record(name: keyof typeof STORES, what: string, over: number): void {
  if (tier() !== "all") {
    return;
  }
  const counted = name === "redis" ? "one Redis" : "each alone with its share";
  recordFigure({
    figure: `S7.${name}.${what}`,
    value: `${(over * 100).toFixed(2)} % over in the worst minute`,
    met: over <= MOST_OVER[name],
    how: `${REPLICAS} replicas, ${LOAD} times ${what === "tokens" ? LIMIT * TOKENS : LIMIT} ${what} a minute, ${WINDOWS} windows, ${counted}, simulated clock`,
  });
}

describe.each(Object.keys(STORES) as (keyof typeof STORES)[])(`${fault("F43")}: %s`, (name) => {
  const isMissing = name === "redis" && findRedisServer() === undefined;
  describe.skipIf(isMissing)("with a Redis where one is needed", () => {
    it.each([
      ["requests", makeLimits({ rpm: LIMIT }), 0],
      ["tokens", makeLimits({ tpm: LIMIT * TOKENS }), TOKENS],
    ] as const)(
      "no minute of ten lets through more %s than one limit",
      async (what, keyLimits, tokens) => {
        await open(name);
        const admitted = await tenMinutes(makeCaller({ keyLimits }), tokens);
        const minutes = Array.from({ length: WINDOWS }, (_, at) =>
          sum(admitted.slice(at * STEPS, (at + 1) * STEPS)),
        );
        const over = worstOf(minutes);
        record(name, what, over);
        expect(over).toBeLessThanOrEqual(MOST_OVER[name]);
        expect(mostAtBoundary(admitted)).toBeLessThanOrEqual(LIMIT);
        // And it is a limit, not a wall: what is allowed gets through.
        expect(sum(minutes)).toBeGreaterThanOrEqual(LIMIT * WINDOWS * 0.8);
      },
      TEN_MINUTES_TAKE_MS,
    );

    it("never more run at a time than are allowed", async () => {
      await open(name);
      const caller = makeCaller({ keyLimits: makeLimits({ maxParallel: 12 }) });
      const running: Burst["admitted"] = [];
      let most = 0;
      for (let round = 0; round < 20; round += 1) {
        running.push(...(await ask(caller, 60)).admitted);
        most = Math.max(most, running.length);
        const ended = running.splice(0, 1 + (round % 7));
        await Promise.all(ended.map((one) => one.settle({ costNanos: 0n, tokens: 0 })));
      }
      expect(most).toBe(12);
    });
  });
});

describe.skipIf(findRedisServer() === undefined)(fault("F27"), () => {
  it("in the middle of a minute, nobody begins it anew", async () => {
    await open("redis");
    const rates = makeCaller({ keyLimits: makeLimits({ rpm: 30, tpm: 3_000 }) });
    const slots = makeCaller({ keyLimits: makeLimits({ maxParallel: 12 }) });
    expect((await ask(rates, 30, TOKENS)).admitted).toHaveLength(30);
    const running = (await ask(slots, 12)).admitted;
    expect(running).toHaveLength(12);
    for (const replica of replicas) {
      // The connection is gone for good: every call fails at once.
      replica.shared?.redis.close();
    }
    expect((await ask(rates, 60, TOKENS)).admitted).toHaveLength(0);
    expect((await ask(slots, 60)).admitted).toHaveLength(0);
    await Promise.all(running.map((one) => one.settle({ costNanos: 0n, tokens: 0 })));
    expect((await ask(slots, 60)).admitted).toHaveLength(12);
  });
});
