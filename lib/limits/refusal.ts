import { windowEndMs } from "#lib/contract/budget-window.ts";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import { ConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import type { RateRefusal } from "./demand.ts";
import { formatDuration } from "./headers.ts";

const LIMITERS = {
  requests: "requests per minute",
  tokens: "tokens per minute",
  parallel: "requests at a time",
} as const;

/** The 429 for a rate or slot limit; it names the limit, whose it is, and when to come back. */
export function rateLimitError(refusal: RateRefusal, requestedTokens: number): ConduitError {
  const { scope, limiter, limit, retryAfterMs } = refusal;
  const what = `The limit of ${limit} ${LIMITERS[limiter]} for ${scope.name}`;
  if (retryAfterMs === undefined) {
    const asked = limiter === "tokens" ? ` (${requestedTokens} tokens)` : "";
    return new ConduitError("rate_limit_exceeded", {
      message: `${what} is smaller than this request${asked}. Waiting does not help.`,
      retry: false,
    });
  }
  return new ConduitError("rate_limit_exceeded", {
    message: `${what} is reached. Please try again in ${formatDuration(Math.max(1, retryAfterMs))}.`,
    retryAfterMs,
  });
}

/** A budget without room for a request. */
export interface BudgetRefusal {
  budget: BudgetLimit;
  spentNanos: bigint;
  reservedNanos: bigint;
}

const PERIODS = {
  total: "in total",
  day: "per day",
  week: "per week",
  month: "per month",
} as const;

/** The 429 for a spent budget; it names the level, the amounts and the reset, and advises no retry. */
export function budgetError(
  { budget, spentNanos, reservedNanos }: BudgetRefusal,
  demand: { estimateNanos: bigint; nowMs: number },
): ConduitError {
  const whose = `${budget.subject} "${budget.subjectName}"`;
  const held =
    reservedNanos > 0n ? ` and ${formatUsd(reservedNanos)} USD is held by running requests` : "";
  const resetMs = windowEndMs(budget.period, demand.nowMs);
  const reset =
    resetMs === null ? "It does not reset." : `It resets at ${new Date(resetMs).toISOString()}.`;
  return new ConduitError("budget_exceeded", {
    message:
      `The budget of ${whose} has no room for this request: of ${formatUsd(budget.limitNanos)} USD ` +
      `${PERIODS[budget.period]}, ${formatUsd(spentNanos)} USD is spent${held}, and this request ` +
      `may cost ${formatUsd(demand.estimateNanos)} USD. ${reset}`,
  });
}
