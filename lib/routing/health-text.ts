import type { Breaker } from "./breaker.ts";
import type { Rest } from "./rests.ts";

/** Why a credential rests, in words. */
export const REST_TEXTS: Readonly<Record<Rest["reason"], string>> = {
  rate_limit: "the upstream limits this credential's rate",
  quota: "the upstream says that this credential's account is out of credit",
  auth: "the upstream refuses this credential",
};

const CAUSE_TEXTS = {
  failure_rate: "half of the requests failed",
  unreachable: "requests in a row got no answer",
} as const;

/** Why a breaker is not closed, in words; `null` when it is. */
export function describeBreaker({ cause, lastFailure }: Breaker): string | null {
  if (cause === null) {
    return null;
  }
  const status = lastFailure?.status === undefined ? "" : ` ${lastFailure.status}`;
  return `${CAUSE_TEXTS[cause]}; the last one: ${lastFailure?.kind}${status}`;
}
