import { sharedNow, steadyNow } from "#lib/clock.ts";
import { listBudgetsById } from "#lib/db/budgets.ts";
import { type DatabaseKind, getSql } from "#lib/db/client.ts";
import { askInRequest } from "#lib/db/request-query.ts";
import type { Env } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { openRedis, type RedisClient } from "#lib/redis/client.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { BudgetMemo } from "./budget-memo.ts";
import { MemoryBudgets } from "./budget-memory.ts";
import { OpenHolds } from "./budget-open-holds.ts";
import { type RedisBudgetOptions, RedisBudgets } from "./budget-redis.ts";
import { SharedBudgets } from "./budget-shared.ts";
import { MemoryRates } from "./rate-memory.ts";
import { RedisRates } from "./rate-redis.ts";

const NAME = "limits";

/** What replicas count together, when the settings name a Redis. */
export interface SharedLimits {
  redis: RedisClient;
  rates: RedisRates;
  redisBudgets: RedisBudgets;
  budgets: SharedBudgets;
}

/** The limiter of this process. */
export interface Limits {
  now: () => number;
  /** How many processes divide a limit among them while they cannot count together. */
  replicas: number;
  /** The only counters without Redis, and the stand-in while Redis is away. */
  rates: MemoryRates;
  budgets: MemoryBudgets;
  shared: SharedLimits | undefined;
  /** Resolves when Redis has answered for the first time, or has been given up for now. */
  started: Promise<void>;
}

export interface LimitsOptions {
  env: Pick<Env, "redisUrl" | "upstash" | "replicas">;
  databaseKind: DatabaseKind;
  /**
   * The clock for everything, in milliseconds. Left out, windows go by the time that all replicas
   * share, and what only this process counts by a clock that nobody sets.
   */
  now?: () => number;
  /** How long one Redis command may take; 50 ms over a socket, 150 ms over REST when left out. */
  redisDeadlineMs?: number;
}

/** Sets the limiter up for this process. The database has to be open before the first request. */
export function configureLimits(options: LimitsOptions): void {
  dropSingleton(NAME);
  singleton(NAME, () => buildLimits(options));
}

/** Ends the connection to Redis; what is held there ends with its leases. */
export async function closeLimits(): Promise<void> {
  const limits = singleton<Limits | undefined>(NAME, () => undefined);
  await limits?.shared?.redis.drain();
  limits?.shared?.redis.close();
  dropSingleton(NAME);
}

/** The limiter. Throws `not_ready` before `configureLimits`. */
export function getLimits(): Limits {
  return singleton<Limits>(NAME, () => {
    throw new ConduitError("not_ready", { message: "The gateway is still starting." });
  });
}

function buildLimits({ env, redisDeadlineMs, ...clock }: LimitsOptions): Limits {
  const now = clock.now ?? sharedNow;
  const steady = clock.now ?? steadyNow;
  const load = (ids: readonly string[]) => askInRequest(() => listBudgetsById(getSql(), ids));
  const redis = openRedis({ env, deadlineMs: redisDeadlineMs });
  return {
    now,
    replicas: env.replicas,
    rates: new MemoryRates(steady),
    budgets: new MemoryBudgets({ now, steady, load }),
    shared: redis === undefined ? undefined : shareThrough(redis, { now, steady, load }),
    started: redis?.started ?? Promise.resolve(),
  };
}

interface Clocks {
  now: () => number;
  steady: () => number;
}

function shareThrough(
  redis: RedisClient,
  { now, steady, load }: Clocks & { load: RedisBudgetOptions["load"] },
): SharedLimits {
  const memo = new BudgetMemo(now);
  const holds = new OpenHolds(steady);
  const redisBudgets = new RedisBudgets({ redis, now, load, memo, holds });
  return {
    redis,
    rates: new RedisRates(redis, now),
    redisBudgets,
    budgets: new SharedBudgets({ redis, budgets: redisBudgets, memo, holds, sql: getSql, now }),
  };
}
