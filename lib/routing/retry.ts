import type { UpstreamFailure } from "#lib/errors.ts";

const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** A longer wait is the caller's to make: it is told when to come back. */
const MAX_ASKED_WAIT_MS = 10_000;
/** Statuses of a refusal that the same request may outlive: a conflict, and "too early". */
const PASSING_REFUSALS: ReadonlySet<number> = new Set([409, 425]);

/** What follows a failed attempt. */
export type NextStep =
  | { kind: "retry_same"; delayMs: number }
  | { kind: "fall_back" }
  | { kind: "give_up" };

export interface FailedAttempt {
  failure: UpstreamFailure;
  /** Attempts made so far on all targets, this one included. */
  attempt: number;
  maxAttempts: number;
  /** Retries already made on this target. */
  retriesOnTarget: number;
  /** Other targets that may be asked. */
  targetsLeft: number;
  nowMs: number;
  /** When the caller's time is up, on the same clock as `nowMs`. */
  deadlineMs: number;
  random: () => number;
}

interface FailureRule {
  /** Retries on the same target; zero is never. */
  retries: number;
  fallsBack: boolean;
}

/**
 * What each class of failure allows. A key, an account or a model that one target lacks another may
 * have, so those fall back without a retry; a request that is itself at fault fails everywhere.
 */
const RULES: Readonly<Record<UpstreamFailure["kind"], FailureRule>> = {
  rate_limit: { retries: Number.POSITIVE_INFINITY, fallsBack: true },
  overloaded: { retries: Number.POSITIVE_INFINITY, fallsBack: true },
  server: { retries: 2, fallsBack: true },
  network: { retries: 2, fallsBack: true },
  // A time-out has already cost the caller up to a minute, and a broken answer seldom mends.
  timeout: { retries: 1, fallsBack: true },
  protocol: { retries: 1, fallsBack: true },
  // A certificate does not become right by asking again.
  certificate: { retries: 0, fallsBack: true },
  quota: { retries: 0, fallsBack: true },
  auth: { retries: 0, fallsBack: true },
  model_missing: { retries: 0, fallsBack: true },
  context_length: { retries: 0, fallsBack: false },
  content_policy: { retries: 0, fallsBack: false },
  rejected: { retries: 0, fallsBack: false },
};

/** A redirect that is not followed and a loop are configured so; another target may be better. */
const LASTING: FailureRule = { retries: 0, fallsBack: true };
const LOOP_STATUS = 508;

const PASSING_REFUSAL: FailureRule = { retries: 1, fallsBack: true };

/**
 * What to do after a failed attempt. Pure. Only asked while no content has reached the caller.
 *
 * Another target goes before a second try of the same one: it needs no wait, and its chances do not
 * hang on the fault that was just seen. A retry waits with full jitter, or as long as the upstream
 * asked when that is at most ten seconds, and only if it can start before the deadline. Whether the
 * retry budget allows it is `RetryBudgets`' to say.
 */
export function nextStep(input: FailedAttempt): NextStep {
  const rule = ruleOf(input.failure);
  if (input.attempt >= input.maxAttempts || input.nowMs >= input.deadlineMs) {
    return { kind: "give_up" };
  }
  if (rule.fallsBack && input.targetsLeft > 0) {
    return { kind: "fall_back" };
  }
  if (input.retriesOnTarget >= rule.retries) {
    return { kind: "give_up" };
  }
  const delayMs = retryDelayMs(input);
  const isWorthIt = delayMs <= MAX_ASKED_WAIT_MS && input.nowMs + delayMs < input.deadlineMs;
  return isWorthIt ? { kind: "retry_same", delayMs } : { kind: "give_up" };
}

/** Whether any other target could do better, were there one. */
export function mayFallBack(failure: UpstreamFailure): boolean {
  return ruleOf(failure).fallsBack;
}

function ruleOf({ kind, status = 0 }: UpstreamFailure): FailureRule {
  if (kind === "protocol" && (isRedirect(status) || status === LOOP_STATUS)) {
    return LASTING;
  }
  return kind === "rejected" && PASSING_REFUSALS.has(status) ? PASSING_REFUSAL : RULES[kind];
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/**
 * Full jitter: anything up to 250 ms, doubled by each retry, at most 8 s. What the upstream asked for
 * is a least wait, with a little chance added so that those it turned away do not return as one.
 */
function retryDelayMs({ failure, retriesOnTarget, random }: FailedAttempt): number {
  const jitterMs = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** retriesOnTarget);
  if (failure.retryAfterMs === undefined) {
    return jitterMs;
  }
  const asked = Math.max(0, failure.retryAfterMs);
  return asked > MAX_ASKED_WAIT_MS ? asked : Math.min(MAX_ASKED_WAIT_MS, asked + jitterMs);
}
