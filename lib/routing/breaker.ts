import type { UpstreamFailure } from "#lib/errors.ts";

/** Milliseconds on a clock that never steps back. */
export interface Clock {
  nowMs(): number;
}

export type BreakerState = "closed" | "open" | "half_open";

/**
 * Why a breaker opened: half of the requests failed, or several in a row were not answered at all.
 * The first may still answer every other request; the second is gone.
 */
export type OpenCause = "failure_rate" | "unreachable";

const BUCKETS = 10;
const BUCKET_MS = 3_000;
const MIN_REQUESTS = 20;
const FAILURE_SHARE = 0.5;
const MAX_UNANSWERED_RUN = 5;
const OPEN_MS = 10_000;
const MAX_OPEN_MS = 120_000;
const OPEN_JITTER = 0.2;
const PROBES_TO_CLOSE = 3;
/** A probe whose end nobody reported stops blocking the next one after this time. */
const PROBE_LEASE_MS = 120_000;

/** Failures that speak against the upstream itself; a 4xx of it does not. */
const COUNTED: ReadonlySet<UpstreamFailure["kind"]> = new Set([
  "network",
  "certificate",
  "timeout",
  "server",
  "overloaded",
  "protocol",
]);

/** Failures without any answer: connect, TLS, DNS, or no first byte in time. */
const UNANSWERED: ReadonlySet<UpstreamFailure["kind"]> = new Set([
  "network",
  "certificate",
  "timeout",
]);

/** A circuit breaker over a sliding window of 30 s in ten buckets. */
export class Breaker {
  state: BreakerState = "closed";
  cause: OpenCause | null = null;
  /** The failure that opened it. */
  lastFailure: UpstreamFailure | null = null;
  sinceMs: number;
  /** When an open breaker lets a probe through. */
  openUntilMs = 0;

  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #window = new Window();
  #unansweredRun = 0;
  #openings = 0;
  #probeSuccesses = 0;
  #probeStartedMs: number | null = null;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.sinceMs = clock.nowMs();
  }

  /** Whether a request may go through at its planned place. */
  isReady(): boolean {
    return this.state === "closed" || (this.#isDue() && !this.#isProbing());
  }

  /**
   * Takes the right to send one request. When nobody better is left (`lastResort`), a breaker that
   * opened by rate lets everything through, and one whose upstream is gone lets a single request
   * through at a time, so that its return is seen at once and nobody queues up at a black hole.
   */
  enter({ lastResort }: { lastResort: boolean }): boolean {
    if (this.state === "closed") {
      return true;
    }
    if (this.#isDue()) {
      this.#become("half_open");
    }
    if (lastResort && this.cause === "failure_rate") {
      return true;
    }
    if (this.#isProbing() || !(lastResort || this.state === "half_open")) {
      return false;
    }
    this.#probeStartedMs = this.#clock.nowMs();
    return true;
  }

  /** Gives the right back without a verdict: the caller hung up, or the target was not asked. */
  leave(): void {
    this.#probeStartedMs = null;
  }

  recordSuccess(): void {
    this.#window.addSuccess(this.#clock.nowMs());
    this.recordAnswer();
  }

  /** The upstream answered, though not with success: it is there, which is all a probe asks. */
  recordAnswer(): void {
    this.#unansweredRun = 0;
    this.#probeStartedMs = null;
    if (this.state === "open" && this.cause === "unreachable") {
      this.#become("half_open");
    }
    if (this.state === "half_open") {
      this.#probeSuccesses += 1;
      if (this.#probeSuccesses >= PROBES_TO_CLOSE) {
        this.#close();
      }
    }
  }

  recordFailure(failure: UpstreamFailure): void {
    if (!isCounted(failure)) {
      this.recordAnswer();
      return;
    }
    const nowMs = this.#clock.nowMs();
    this.#window.addFailure(nowMs);
    this.#unansweredRun = UNANSWERED.has(failure.kind) ? this.#unansweredRun + 1 : 0;
    this.#probeStartedMs = null;
    const cause = this.#causeToOpen(nowMs);
    if (cause !== null) {
      this.lastFailure = failure;
      this.#open(nowMs, cause);
    }
  }

  #causeToOpen(nowMs: number): OpenCause | null {
    if (this.state === "open") {
      // Late failures of requests that were sent before it opened say nothing new.
      return null;
    }
    if (this.state === "half_open") {
      return this.#unansweredRun > 0 ? "unreachable" : (this.cause ?? "failure_rate");
    }
    if (this.#unansweredRun >= MAX_UNANSWERED_RUN) {
      return "unreachable";
    }
    const { requests, failures } = this.#window.total(nowMs);
    return requests >= MIN_REQUESTS && failures >= requests * FAILURE_SHARE ? "failure_rate" : null;
  }

  #isDue(): boolean {
    return this.state === "half_open" || this.openUntilMs <= this.#clock.nowMs();
  }

  #isProbing(): boolean {
    const startedMs = this.#probeStartedMs;
    return startedMs !== null && this.#clock.nowMs() - startedMs < PROBE_LEASE_MS;
  }

  #open(nowMs: number, cause: OpenCause): void {
    const heldMs = Math.min(MAX_OPEN_MS, OPEN_MS * 2 ** this.#openings);
    const jitter = 1 + OPEN_JITTER * (2 * this.#random() - 1);
    this.openUntilMs = nowMs + heldMs * jitter;
    this.#openings += 1;
    this.cause = cause;
    this.#become("open");
  }

  #close(): void {
    this.#openings = 0;
    this.#unansweredRun = 0;
    this.#window.clear();
    this.cause = null;
    this.#become("closed");
  }

  #become(state: BreakerState): void {
    if (this.state !== state) {
      this.state = state;
      this.sinceMs = this.#clock.nowMs();
      this.#probeSuccesses = 0;
    }
  }
}

function isCounted({ kind, status }: UpstreamFailure): boolean {
  const isClientStatus = status !== undefined && status >= 400 && status < 500;
  return COUNTED.has(kind) && !isClientStatus;
}

/** Requests and failures of the last 30 seconds. */
class Window {
  readonly #requests = new Uint32Array(BUCKETS);
  readonly #failures = new Uint32Array(BUCKETS);
  #bucket = 0;

  addSuccess(nowMs: number): void {
    this.#moveTo(nowMs);
    increment(this.#requests, this.#bucket);
  }

  addFailure(nowMs: number): void {
    this.#moveTo(nowMs);
    increment(this.#requests, this.#bucket);
    increment(this.#failures, this.#bucket);
  }

  total(nowMs: number): { requests: number; failures: number } {
    this.#moveTo(nowMs);
    return { requests: sum(this.#requests), failures: sum(this.#failures) };
  }

  clear(): void {
    this.#requests.fill(0);
    this.#failures.fill(0);
  }

  /** Empties the buckets that have gone out of the window since the last call. */
  #moveTo(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const steps = Math.min(BUCKETS, bucket - this.#bucket);
    for (let step = 1; step <= steps; step += 1) {
      const at = (this.#bucket + step) % BUCKETS;
      this.#requests[at] = 0;
      this.#failures[at] = 0;
    }
    this.#bucket = Math.max(this.#bucket, bucket);
  }
}

function increment(counts: Uint32Array, bucket: number): void {
  const at = bucket % BUCKETS;
  counts[at] = (counts[at] ?? 0) + 1;
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) {
    total += count;
  }
  return total;
}
