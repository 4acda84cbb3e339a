import type { Outcome } from "#lib/contract/record.ts";
import type { ConduitError, UpstreamFailure } from "#lib/errors.ts";
import { hasHungUp } from "./deadline.ts";
import { clientClosed } from "./exchange.ts";
import type { Story } from "./story.ts";

/** Failures of upstreams that are the caller's doing. */
const CALLERS_DOING = new Set<UpstreamFailure["kind"]>([
  "rejected",
  "context_length",
  "content_policy",
]);

/** How a failed request ended, for its log row. */
export function outcomeOf(
  story: Story,
  error: ConduitError,
): { outcome: Outcome; status: number; error: ConduitError } {
  if (hasHungUp(story) || error.code === "client_closed") {
    return { outcome: "cancelled", status: 499, error: clientClosed() };
  }
  const status = story.hasHead || story.hasBegun ? 200 : error.status;
  if (isBlocked(error)) {
    return { outcome: "blocked", status, error };
  }
  if (story.hasBegun) {
    // The status line has gone out long ago; what follows it is an error event.
    return { outcome: "partial", status, error };
  }
  return { outcome: refusalOutcome(error), status, error };
}

/** Whether a guardrail of this gateway ended it, before, beside or after the upstream. */
function isBlocked({ code, upstream }: ConduitError): boolean {
  return (code === "content_blocked" || code === "guardrail_unavailable") && upstream === undefined;
}

function refusalOutcome(error: ConduitError): Outcome {
  if (error.upstream !== undefined) {
    return CALLERS_DOING.has(error.upstream.kind) ? "client_error" : "provider_error";
  }
  if (error.status === 429) {
    return "limited";
  }
  return error.status < 500 || error.code === "cache_miss" ? "client_error" : "provider_error";
}
