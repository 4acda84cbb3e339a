import { isSilence } from "./transport.ts";

/** Failures in a row after which Redis is taken for away, and that is told. */
const FAILURES_TO_OPEN = 5;
const FIRST_PROBE_MS = 250;
const PROBE_MOST_MS = 2_000;

/** `cleared`: Redis was only doubted for a moment, and answers. */
export type BreakerState = "open" | "closed" | "cleared";

export interface BreakerOptions {
  /** Asks whether the server answers again; rejects while it does not. */
  probe(): Promise<unknown>;
  /** Runs between a good probe and the first call that is let through; rejecting stays open. */
  recover(): Promise<unknown>;
  /** Told once per transition; a doubt that was soon settled is none. */
  onChange(state: BreakerState, cause: unknown): void;
  /** Told after each failed probe, with the milliseconds since the breaker opened. */
  onProbeFailure(openForMs: number): void;
}

const BRAND = Symbol.for("conduit.redis-unavailable");

/** Whether a rejection means that Redis cannot be asked now, and another store has to answer. */
export function isRedisUnavailable(error: unknown): boolean {
  return typeof error === "object" && error !== null && BRAND in error;
}

function unavailable(cause: unknown): Error {
  return Object.assign(new Error("Redis is not available.", { cause }), { [BRAND]: true });
}

/** What an open breaker throws; one for all, because a stack trace costs more than the refusal. */
const REFUSED = unavailable(undefined);

/**
 * Stands around the raw calls and counts every failure, whoever catches it afterwards. Once open it
 * refuses at once, so that a dead or frozen Redis costs a few requests their deadline and the rest
 * nothing; probes in the background find out when it is back.
 *
 * One call without an answer is enough to doubt: until a probe has settled it, which takes five
 * failures or one answer, nothing is asked. A request that makes several calls, or that comes a
 * moment later, then waits for one deadline at most.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  /** On the clock of `performance.now()`, when it stopped to let calls through. */
  #closedToCallsAtMs: number | undefined;
  /** Whether it is more than a doubt. */
  #isOpen = false;
  #probeAtMs = 0;
  #probeWaitMs = FIRST_PROBE_MS;
  #probing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Whether calls are let through. */
  get isClosed(): boolean {
    return this.#closedToCallsAtMs === undefined;
  }

  /** Whether it is more than a doubt that nobody answers. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Makes the call, or rejects at once while open. Every rejection is `isRedisUnavailable`. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closedToCallsAtMs !== undefined) {
      this.#probeIfDue();
      throw REFUSED;
    }
    try {
      const value = await call();
      this.#failures = 0;
      return value;
    } catch (error) {
      this.#count(error);
      throw unavailable(error);
    }
  }

  open(cause: unknown): void {
    if (this.#isOpen) {
      return;
    }
    this.#isOpen = true;
    this.#closedToCallsAtMs ??= performance.now();
    this.#probeWaitMs = FIRST_PROBE_MS;
    this.#options.onChange("open", cause);
    this.#scheduleProbe();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #count(error: unknown): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_TO_OPEN) {
      this.open(error);
    } else if (isSilence(error) && this.#closedToCallsAtMs === undefined) {
      this.#closedToCallsAtMs = performance.now();
      this.#probing = this.#settleDoubt().finally(() => {
        this.#probing = undefined;
      });
    }
  }

  /** Asks without a pause: each try that gets no answer takes a deadline, which is pause enough. */
  async #settleDoubt(): Promise<void> {
    while (!this.#isOpen && !this.#stopped) {
      try {
        await this.#options.probe();
        await this.#options.recover();
        this.#close();
        return;
      } catch (error) {
        this.#options.onProbeFailure(this.#awayForMs());
        this.#count(error);
      }
    }
  }

  #close(): void {
    const wasOpen = this.#isOpen;
    this.#failures = 0;
    this.#isOpen = false;
    this.#closedToCallsAtMs = undefined;
    clearTimeout(this.#timer);
    this.#options.onChange(wasOpen ? "closed" : "cleared", undefined);
  }

  #awayForMs(): number {
    return performance.now() - (this.#closedToCallsAtMs ?? performance.now());
  }

  #scheduleProbe(): void {
    clearTimeout(this.#timer);
    this.#probeAtMs = performance.now() + this.#probeWaitMs;
    this.#timer = setTimeout(() => this.#probeIfDue(), this.#probeWaitMs);
    this.#timer.unref();
  }

  /** Where timers sleep between requests (serverless hosts), the requests keep the probes going. */
  #probeIfDue(): void {
    if (this.#probing === undefined && performance.now() >= this.#probeAtMs - 1) {
      this.#probing = this.#probe().finally(() => {
        this.#probing = undefined;
      });
    }
  }

  async #probe(): Promise<void> {
    try {
      await this.#options.probe();
      await this.#options.recover();
    } catch {
      this.#options.onProbeFailure(this.#awayForMs());
      this.#probeWaitMs = Math.min(PROBE_MOST_MS, this.#probeWaitMs * 2);
      this.#scheduleProbe();
      return;
    }
    this.#close();
  }
}
