import { Leases } from "./concurrency.ts";
import type { RateDemand, RateHold, RateReading, RateRefusal, Scope } from "./demand.ts";
import {
  correctCells,
  emptyCells,
  MINUTE_MS,
  rollCells,
  usedOf,
  type WindowCells,
  waitOf,
} from "./sliding-window.ts";

/** Counters untouched for this long hold nothing that still counts. */
const IDLE_MS = 2 * MINUTE_MS;

/** A hold of counters in this process, which can be undone in the same step. */
interface LocalHold extends RateHold {
  undo(): undefined;
}

interface Counters {
  requests: WindowCells;
  tokens: WindowCells;
  leases: Leases;
  usedAtMs: number;
}

/**
 * Rates and slots of one process. Taking is one synchronous step: everything is checked before
 * anything is counted, so a refusal leaves no trace and no other request sees a half-taken state.
 */
export class MemoryRates {
  readonly #counters = new Map<string, Counters>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  take(
    demand: RateDemand,
  ): { granted: true; hold: LocalHold } | { granted: false; refusal: RateRefusal } {
    const nowMs = this.#now();
    const counters = demand.scopes.map((scope) => this.#countersOf(scope, nowMs));
    for (const [at, scope] of demand.scopes.entries()) {
      const refusal = refusalOf({ scope, counters: counters[at], demand, nowMs });
      if (refusal !== undefined) {
        return { granted: false, refusal };
      }
    }
    const readings: RateReading[] = [];
    for (const [at, scope] of demand.scopes.entries()) {
      readings.push(...count({ scope, counters: counters[at], demand, nowMs }));
    }
    return { granted: true, hold: holdOf(demand, counters, readings) };
  }

  /**
   * Counts what another store has granted, without asking: when that store falls silent, what this
   * process let through of the last minute and still has running is known here.
   */
  note(demand: RateDemand): RateHold {
    const nowMs = this.#now();
    const counters = demand.scopes.map((scope) => this.#countersOf(scope, nowMs));
    for (const [at, scope] of demand.scopes.entries()) {
      count({ scope, counters: counters[at], demand, nowMs });
    }
    return holdOf(demand, counters, []);
  }

  /** Forgets counters that nothing depends on any more. */
  sweep(): void {
    const nowMs = this.#now();
    for (const [id, counters] of this.#counters) {
      const idle = nowMs - counters.usedAtMs > IDLE_MS;
      if (counters.leases.sweep(nowMs) === 0 && idle) {
        this.#counters.delete(id);
      }
    }
  }

  #countersOf(scope: Scope, nowMs: number): Counters {
    let counters = this.#counters.get(scope.id);
    if (counters === undefined) {
      counters = {
        requests: emptyCells(),
        tokens: emptyCells(),
        leases: new Leases(),
        usedAtMs: nowMs,
      };
      this.#counters.set(scope.id, counters);
    }
    rollCells(counters.requests, nowMs);
    rollCells(counters.tokens, nowMs);
    counters.usedAtMs = nowMs;
    return counters;
  }
}

interface Count {
  scope: Scope;
  counters: Counters | undefined;
  demand: RateDemand;
  nowMs: number;
}

function refusalOf({ scope, counters, demand, nowMs }: Count): RateRefusal | undefined {
  const { rpm, tpm, maxParallel } = scope.limits;
  if (counters === undefined) {
    return undefined;
  }
  if (rpm !== null && usedOf(counters.requests, nowMs) + 1 > rpm) {
    const retryAfterMs = waitOf(counters.requests, { limit: rpm, cost: 1, nowMs });
    return { scope, limiter: "requests", limit: rpm, retryAfterMs };
  }
  if (tpm !== null && usedOf(counters.tokens, nowMs) + demand.tokens > tpm) {
    const retryAfterMs = waitOf(counters.tokens, { limit: tpm, cost: demand.tokens, nowMs });
    return { scope, limiter: "tokens", limit: tpm, retryAfterMs };
  }
  if (maxParallel !== null && !counters.leases.hasRoom(maxParallel, nowMs)) {
    const retryAfterMs = counters.leases.waitMs(nowMs);
    return { scope, limiter: "parallel", limit: maxParallel, retryAfterMs };
  }
  return undefined;
}

function count({ scope, counters, demand, nowMs }: Count): RateReading[] {
  const { rpm, tpm, maxParallel } = scope.limits;
  const readings: RateReading[] = [];
  if (counters === undefined) {
    return readings;
  }
  if (rpm !== null) {
    counters.requests.current += 1;
    readings.push(readingOf("requests", rpm, counters.requests, nowMs));
  }
  if (tpm !== null) {
    counters.tokens.current += demand.tokens;
    readings.push(readingOf("tokens", tpm, counters.tokens, nowMs));
  }
  if (maxParallel !== null) {
    counters.leases.take(demand.requestId, nowMs + demand.leaseMs);
  }
  return readings;
}

function readingOf(
  limiter: RateReading["limiter"],
  limit: number,
  cells: WindowCells,
  nowMs: number,
): RateReading {
  const remaining = Math.max(0, limit - usedOf(cells, nowMs));
  return { limiter, limit, remaining, resetMs: MINUTE_MS - (nowMs % MINUTE_MS) };
}

function holdOf(
  demand: RateDemand,
  counters: readonly Counters[],
  readings: readonly RateReading[],
): LocalHold {
  const minutes = counters.map((own) => own.requests.minute);
  function giveBack(requests: number, tokens: number): undefined {
    for (const [at, scope] of demand.scopes.entries()) {
      const own = counters[at];
      const minute = minutes[at];
      if (own === undefined || minute === undefined) {
        continue;
      }
      own.leases.giveBack(demand.requestId);
      if (scope.limits.tpm !== null) {
        correctCells(own.tokens, minute, tokens);
      }
      if (scope.limits.rpm !== null) {
        correctCells(own.requests, minute, requests);
      }
    }
  }
  return {
    readings,
    settle: (tokens) => giveBack(0, tokens - demand.tokens),
    undo: () => giveBack(-1, -demand.tokens),
  };
}
