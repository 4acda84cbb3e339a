import { singleton } from "#lib/singleton.ts";

/** Counted in fifths of a token, since 0.2 has no exact binary form. */
const FIFTHS_PER_REQUEST = 1;
const FIFTHS_PER_RETRY = 5;
const MAX_FIFTHS = 250;
/** This many retries of a group may run at once however empty its bucket is. */
const FREE_CONCURRENT_RETRIES = 3;

interface Bucket {
  fifths: number;
  running: number;
}

/**
 * A token bucket per group that keeps retries from multiplying the load on an upstream that is
 * already failing: a fifth of the traffic at most, plus three at a time so that quiet groups retry too.
 *
 * Only a second try of the same target takes a token. A fallback does not: each target sees a
 * request once, dead targets are the breakers' business, and a budget of a fifth would turn away
 * four of five requests just when the fallback is needed.
 */
export class RetryBudgets {
  readonly #buckets = new Map<string, Bucket>();

  /** Every request's first attempt earns its group a fifth of a retry. */
  recordRequest(group: string): void {
    const bucket = this.#bucket(group);
    bucket.fifths = Math.min(MAX_FIFTHS, bucket.fifths + FIFTHS_PER_REQUEST);
  }

  /** Takes one retry; `false` is to fail fast. A taken one is given back by `endRetry`. */
  takeRetry(group: string): boolean {
    const bucket = this.#bucket(group);
    if (bucket.fifths >= FIFTHS_PER_RETRY) {
      bucket.fifths -= FIFTHS_PER_RETRY;
    } else if (bucket.running >= FREE_CONCURRENT_RETRIES) {
      return false;
    }
    bucket.running += 1;
    return true;
  }

  endRetry(group: string): void {
    const bucket = this.#bucket(group);
    bucket.running = Math.max(0, bucket.running - 1);
  }

  #bucket(group: string): Bucket {
    let bucket = this.#buckets.get(group);
    if (bucket === undefined) {
      bucket = { fifths: 0, running: 0 };
      this.#buckets.set(group, bucket);
    }
    return bucket;
  }
}

/** This process's budgets, shared by all copies of this module. */
export function getRetryBudgets(): RetryBudgets {
  return singleton("routing.retry-budgets", () => new RetryBudgets());
}
