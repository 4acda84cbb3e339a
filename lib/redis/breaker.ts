/** Failures in a row after which Redis is left alone. */
const FAILURES_TO_OPEN = 5;
const FIRST_PROBE_MS = 250;
const PROBE_MOST_MS = 2_000;

export interface BreakerOptions {
  /** Asks whether the server answers again; rejects while it does not. */
  probe(): Promise<unknown>;
  /** Runs between a good probe and the first call that is let through; rejecting stays open. */
  recover(): Promise<unknown>;
  /** Told once per transition. */
  onChange(state: "open" | "closed", cause: unknown): void;
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
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openedAtMs: number | undefined;
  #probeAtMs = 0;
  #probeWaitMs = FIRST_PROBE_MS;
  #probing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#openedAtMs === undefined;
  }

  /** Makes the call, or rejects at once while open. Every rejection is `isRedisUnavailable`. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#openedAtMs !== undefined) {
      this.#probeIfDue();
      throw REFUSED;
    }
    try {
      const value = await call();
      this.#failures = 0;
      return value;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures >= FAILURES_TO_OPEN) {
        this.open(error);
      }
      throw unavailable(error);
    }
  }

  open(cause: unknown): void {
    if (this.#openedAtMs !== undefined) {
      return;
    }
    this.#openedAtMs = Date.now();
    this.#probeWaitMs = FIRST_PROBE_MS;
    this.#options.onChange("open", cause);
    this.#scheduleProbe();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #scheduleProbe(): void {
    clearTimeout(this.#timer);
    this.#probeAtMs = Date.now() + this.#probeWaitMs;
    this.#timer = setTimeout(() => this.#probeIfDue(), this.#probeWaitMs);
    this.#timer.unref();
  }

  /** Where timers sleep between requests (serverless hosts), the requests keep the probes going. */
  #probeIfDue(): void {
    if (this.#probing === undefined && Date.now() >= this.#probeAtMs - 1) {
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
      this.#options.onProbeFailure(Date.now() - (this.#openedAtMs ?? Date.now()));
      this.#probeWaitMs = Math.min(PROBE_MOST_MS, this.#probeWaitMs * 2);
      this.#scheduleProbe();
      return;
    }
    this.#failures = 0;
    this.#openedAtMs = undefined;
    this.#options.onChange("closed", undefined);
  }
}
