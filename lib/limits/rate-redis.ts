import { Ratelimit } from "@upstash/ratelimit";
import type { RedisClient } from "#lib/redis/client.ts";
import { adaptForRatelimit } from "#lib/redis/ratelimit-adapter.ts";
import { leasesKey, REQUESTS_PREFIX, tokensKey } from "#lib/redis/scripts/keys.ts";
import { leaveOccupancy, takeOccupancy } from "#lib/redis/scripts/occupancy.ts";
import { slotWaitMs } from "./concurrency.ts";
import type {
  RateDemand,
  RateHold,
  RateReading,
  RateRefusal,
  RateVerdict,
  Scope,
} from "./demand.ts";
import { MINUTE_MS, type WindowCells, waitOf } from "./sliding-window.ts";

/** Limiters kept at a time; the library makes one per limit value, not one per key. */
const LIMITERS_MOST = 1_000;

/**
 * Rates and slots that all replicas share. Requests per minute are counted by `@upstash/ratelimit`,
 * tokens and slots by one script of ours. The scopes are asked one after the other, so that a key
 * over its own limit never takes from its team's; what was taken before a refusal is given back.
 */
export class RedisRates {
  readonly #redis: RedisClient;
  readonly #now: () => number;
  readonly #adapter: ReturnType<typeof adaptForRatelimit>;
  readonly #limiters = new Map<number, Ratelimit>();

  constructor(redis: RedisClient, now: () => number) {
    this.#redis = redis;
    this.#now = now;
    this.#adapter = adaptForRatelimit(redis, now);
  }

  /** Rejects with `isRedisUnavailable` when Redis does not answer. */
  async take(demand: RateDemand): Promise<RateVerdict> {
    const readings: RateReading[] = [];
    const counted: Scope[] = [];
    for (const scope of demand.scopes) {
      const refusal = await this.#takeRequest(scope, readings);
      if (refusal !== undefined) {
        await this.#refund(counted);
        return { granted: false, refusal };
      }
      counted.push(scope);
    }
    const occupancy = await this.#occupy(demand, readings);
    if ("limiter" in occupancy) {
      await this.#refund(counted);
      return { granted: false, refusal: occupancy };
    }
    return { granted: true, hold: this.#holdOf(demand, readings, occupancy.minute) };
  }

  async #takeRequest(scope: Scope, readings: RateReading[]): Promise<RateRefusal | undefined> {
    const { rpm } = scope.limits;
    if (rpm === null) {
      return undefined;
    }
    const answer = await this.#limiterOf(rpm).limit(scope.id);
    if (!answer.success) {
      const retryAfterMs = await this.#requestWait(scope.id, rpm);
      return { scope, limiter: "requests", limit: rpm, retryAfterMs };
    }
    readings.push({
      limiter: "requests",
      limit: rpm,
      remaining: answer.remaining,
      resetMs: MINUTE_MS - (this.#now() % MINUTE_MS),
    });
    return undefined;
  }

  /** The library tells the end of the minute; its two counters tell when a request fits again. */
  async #requestWait(scopeId: string, limit: number): Promise<number> {
    const nowMs = this.#now();
    const minute = Math.floor(nowMs / MINUTE_MS);
    const keyOf = (at: number) => `${REQUESTS_PREFIX}:${scopeId}:${at}`;
    const reply = await this.#redis.send(["MGET", keyOf(minute), keyOf(minute - 1)]);
    const [current, previous] = Array.isArray(reply) ? reply.map(Number) : [];
    const cells: WindowCells = { minute, current: current ?? 0, previous: previous ?? 0 };
    return waitOf(cells, { limit, cost: 1, nowMs }) ?? MINUTE_MS - (nowMs % MINUTE_MS);
  }

  /** A negative rate is the library's way of taking back what it counted. */
  async #refund(scopes: readonly Scope[]): Promise<void> {
    await Promise.all(
      scopes.map(async ({ id, limits }) => {
        if (limits.rpm !== null) {
          await this.#limiterOf(limits.rpm).limit(id, { rate: -1 });
        }
      }),
    );
  }

  #limiterOf(rpm: number): Ratelimit {
    let limiter = this.#limiters.get(rpm);
    if (limiter === undefined) {
      if (this.#limiters.size >= LIMITERS_MOST) {
        this.#limiters.clear();
      }
      limiter = new Ratelimit({
        redis: this.#adapter,
        limiter: Ratelimit.slidingWindow(rpm, "60 s"),
        prefix: REQUESTS_PREFIX,
        // It would remember refusals past a refund, and let requests through when Redis is slow.
        ephemeralCache: false,
        timeout: 0,
        analytics: false,
        enableTelemetry: false,
      });
      this.#limiters.set(rpm, limiter);
    }
    return limiter;
  }

  async #occupy(
    demand: RateDemand,
    readings: RateReading[],
  ): Promise<RateRefusal | { minute: number }> {
    const scopes = occupied(demand);
    const nowMs = this.#now();
    if (scopes.length === 0) {
      return { minute: 0 };
    }
    const limits = scopes.flatMap(({ limits: { tpm, maxParallel } }) => [
      tpm ?? -1,
      maxParallel ?? -1,
    ]);
    const reply = await this.#redis
      .run(takeOccupancy, keysOf(scopes), [
        demand.requestId,
        nowMs,
        demand.tokens,
        demand.leaseMs,
        ...limits,
      ])
      .catch(async (error: unknown) => {
        // It may have been taken all the same; the slots are given back when Redis answers again.
        await this.#leave(demand, 0, 0);
        throw error;
      });
    const [granted, minute, ...used] = reply as [number, number, ...number[]];
    if (granted === 0) {
      return occupancyRefusal(scopes, reply as unknown[], demand.tokens, nowMs);
    }
    for (const [at, { limits }] of scopes.entries()) {
      if (limits.tpm !== null) {
        const remaining = Math.max(0, limits.tpm - (used[at] ?? 0));
        const resetMs = MINUTE_MS - (nowMs % MINUTE_MS);
        readings.push({ limiter: "tokens", limit: limits.tpm, remaining, resetMs });
      }
    }
    return { minute };
  }

  async #leave(demand: RateDemand, minute: number, change: number): Promise<void> {
    const scopes = occupied(demand);
    if (scopes.length === 0) {
      return;
    }
    const counted = scopes.map(({ limits }) => (limits.tpm === null ? 0 : 1));
    const args = [demand.requestId, minute, change, ...counted];
    await this.#redis.eventually((redis) => redis.run(leaveOccupancy, keysOf(scopes), args));
  }

  #holdOf(demand: RateDemand, readings: readonly RateReading[], minute: number): RateHold {
    return {
      readings,
      settle: (tokens) => this.#leave(demand, minute, tokens - demand.tokens),
      undo: async () => {
        await Promise.all([
          this.#leave(demand, minute, -demand.tokens),
          // Counted requests fade within two minutes; an outage is not made longer for them.
          this.#refund(demand.scopes).catch(() => undefined),
        ]);
      },
    };
  }
}

function occupied(demand: RateDemand): Scope[] {
  return demand.scopes.filter(({ limits }) => limits.tpm !== null || limits.maxParallel !== null);
}

function keysOf(scopes: readonly Scope[]): string[] {
  return scopes.flatMap(({ id }) => [tokensKey(id), leasesKey(id)]);
}

/** Reads a refusal of `takeOccupancy`, whose form its comment states. */
function occupancyRefusal(
  scopes: readonly Scope[],
  reply: readonly unknown[],
  cost: number,
  nowMs: number,
): RateRefusal {
  const [, position, kind, first, current, previous, elapsedMs] = reply;
  const scope = scopes[Number(position) - 1] ?? raiseMalformed();
  if (kind === "parallel") {
    const limit = scope.limits.maxParallel ?? 0;
    return { scope, limiter: "parallel", limit, retryAfterMs: slotWaitMs(Number(first)) };
  }
  const limit = scope.limits.tpm ?? 0;
  const minute = Math.floor((nowMs - Number(elapsedMs)) / MINUTE_MS);
  const cells = { minute, current: Number(current), previous: Number(previous) };
  const retryAfterMs = waitOf(cells, { limit, cost, nowMs });
  return { scope, limiter: "tokens", limit, retryAfterMs };
}

function raiseMalformed(): never {
  throw new Error("Redis gave an answer that the limits script does not give.");
}
