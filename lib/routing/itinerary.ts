import { ConduitError, type UpstreamFailure } from "#lib/errors.ts";
import type { Target } from "./group.ts";
import { getHealth, type Health } from "./health.ts";
import type { RoutePlan } from "./plan.ts";
import { mayFallBack, nextStep } from "./retry.ts";
import { getRetryBudgets, type RetryBudgets } from "./retry-budget.ts";

/** What to do after a failed attempt. */
export type Move =
  /**
   * Wait `delayMs`, then call `target`: the same one again, or another. `isFresh` asks for a
   * connection that nobody has used.
   */
  | { kind: "call"; target: Target; delayMs: number; isFresh?: true }
  /**
   * Tell the caller. `clientMayRetry` is the advice for `x-should-retry`: the gateway has done what
   * retrying can do, so only a caller who waits out a rate limit has a chance of its own.
   */
  | { kind: "give_up"; clientMayRetry: boolean };

export interface ItineraryInput {
  plan: RoutePlan;
  /** When the caller's time is up, in milliseconds of `nowMs`. */
  deadlineMs: number;
  nowMs?: () => number;
  random?: () => number;
  health?: Health;
  budgets?: RetryBudgets;
}

/**
 * One request's way through its plan: which target is called first, and which after each failure.
 * It joins the plan's order with what this process knows of the targets' health, takes and gives
 * back probes and retry tokens, and decides nothing else.
 *
 * Every target that `first`, `skip` or `fail` hands out has to be ended by one of `succeed`, `fail`,
 * `skip` or `abandon`.
 */
export class Itinerary {
  /** Attempts begun so far, for `x-conduit-attempts`. */
  attempts = 0;

  readonly #plan: RoutePlan;
  readonly #deadlineMs: number;
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #health: Health;
  readonly #budgets: RetryBudgets;
  readonly #ready: Target[] = [];
  /** Open or cooling down: asked only when no ready one is left. */
  readonly #resting: Target[] = [];
  #current: Target | null = null;
  #retriesOnTarget = 0;
  #isRetrying = false;
  #hasRefreshed = false;

  constructor(input: ItineraryInput) {
    this.#plan = input.plan;
    this.#deadlineMs = input.deadlineMs;
    this.#nowMs = input.nowMs ?? Date.now;
    this.#random = input.random ?? Math.random;
    this.#health = input.health ?? getHealth();
    this.#budgets = input.budgets ?? getRetryBudgets();
    for (const target of input.plan.targets) {
      const isReady = this.#health.isReady(target.deployment);
      (isReady ? this.#ready : this.#resting).push(target);
    }
    this.#resting.sort((a, b) => this.#restMsOf(a) - this.#restMsOf(b));
  }

  /**
   * The target to call first. Throws `no_healthy_upstream` (503) with the time of the soonest new
   * try when every target of the plan is known to be gone and another request is already probing.
   */
  first(): Target {
    this.#budgets.recordRequest(this.#plan.group);
    const target = this.#take();
    if (target === undefined) {
      throw this.#nobodyLeft();
    }
    return target;
  }

  /** The current target is not to be called after all; the next one, or `undefined` at the end. */
  skip(): Target | undefined {
    this.abandon();
    this.attempts -= 1;
    return this.#take();
  }

  /** The current target began to answer; `latencyMs` is the time to its first byte. */
  succeed({ latencyMs }: { latencyMs: number }): void {
    if (this.#current !== null) {
      this.#health.reportSuccess(this.#current.deployment, { latencyMs });
    }
    this.#leave();
  }

  /** The caller hung up: no verdict on the target. */
  abandon(): void {
    if (this.#current !== null) {
      this.#health.releaseTarget(this.#current.deployment);
    }
    this.#leave();
  }

  /** The current target failed before any content reached the caller. */
  fail(failure: UpstreamFailure): Move {
    const failed = this.#current;
    if (failed === null) {
      return GIVE_UP;
    }
    if (failure.isStale === true && this.#mayRefresh()) {
      // Says nothing of the upstream, and costs it no more than the call that it has lost.
      this.#hasRefreshed = true;
      this.attempts += 1;
      return { kind: "call", target: failed, delayMs: 0, isFresh: true };
    }
    this.#health.reportFailure(failed.deployment, failure);
    this.#leave();
    const step = nextStep({
      failure,
      attempt: this.attempts,
      maxAttempts: this.#plan.maxAttempts,
      retriesOnTarget: this.#retriesOnTarget,
      targetsLeft: this.#ready.length,
      nowMs: this.#nowMs(),
      deadlineMs: this.#deadlineMs,
      random: this.#random,
    });
    const move = step.kind === "retry_same" ? this.#retry(failed, step.delayMs) : undefined;
    return move ?? this.#moveOn(failure) ?? giveUp(failure);
  }

  /**
   * A target that is known to be down gets each request once: asking it twice would double the load
   * that it fails under, and help next to nobody.
   */
  /** Whether a call that met a dead connection may be made once more at once, on a new one. */
  #mayRefresh(): boolean {
    return (
      !this.#hasRefreshed &&
      this.attempts < this.#plan.maxAttempts &&
      this.#nowMs() < this.#deadlineMs
    );
  }

  #retry(target: Target, delayMs: number): Move | undefined {
    if (!this.#health.isClosed(target.deployment)) {
      return undefined;
    }
    if (!this.#budgets.takeRetry(this.#plan.group)) {
      return undefined;
    }
    // A resting credential is waited for, so its rest does not count.
    if (!this.#health.checkTarget(target.deployment, { lastResort: true }).allowed) {
      this.#budgets.endRetry(this.#plan.group);
      return undefined;
    }
    this.#isRetrying = true;
    this.#retriesOnTarget += 1;
    this.#enter(target);
    return { kind: "call", target, delayMs };
  }

  #moveOn(failure: UpstreamFailure): Move | undefined {
    const isOver = this.attempts >= this.#plan.maxAttempts || this.#nowMs() >= this.#deadlineMs;
    const target = isOver || !mayFallBack(failure) ? undefined : this.#take();
    return target && { kind: "call", target, delayMs: 0 };
  }

  /** The next ready target; when there is none, the resting one that is due soonest. */
  #take(): Target | undefined {
    const target =
      this.#takeFrom(this.#ready, { lastResort: false }) ??
      this.#takeFrom(this.#resting, { lastResort: true });
    if (target !== undefined) {
      this.#retriesOnTarget = 0;
      this.#enter(target);
    }
    return target;
  }

  #takeFrom(queue: Target[], options: { lastResort: boolean }): Target | undefined {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
      if (this.#health.checkTarget(target.deployment, options).allowed) {
        return target;
      }
      if (!options.lastResort) {
        // Another request took its probe since the way began.
        this.#resting.push(target);
      }
    }
    return undefined;
  }

  #enter(target: Target): void {
    this.#current = target;
    this.attempts += 1;
  }

  #leave(): void {
    this.#current = null;
    if (this.#isRetrying) {
      this.#budgets.endRetry(this.#plan.group);
      this.#isRetrying = false;
    }
  }

  #restMsOf(target: Target): number {
    return this.#health.restMsOf(target.deployment);
  }

  #nobodyLeft(): ConduitError {
    const restsMs = this.#plan.targets.map((target) => this.#restMsOf(target));
    return new ConduitError("no_healthy_upstream", {
      message: "No deployment for this model is healthy at present.",
      retryAfterMs: Math.max(MIN_RETRY_AFTER_MS, Math.min(...restsMs)),
    });
  }
}

/** A breaker that is probing now may close within this time. */
const MIN_RETRY_AFTER_MS = 1_000;

const GIVE_UP: Move = { kind: "give_up", clientMayRetry: false };

function giveUp({ kind }: UpstreamFailure): Move {
  return kind === "rate_limit" ? { kind: "give_up", clientMayRetry: true } : GIVE_UP;
}
