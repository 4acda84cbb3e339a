import type { UpstreamFailure } from "../errors.ts";

/** Why a try of a deployment ended, in words. The keys are the values of `request_attempts.ended`. */
const ATTEMPT_ENDINGS = {
  ok: "Answered",
  rate_limit: "The provider limited the rate",
  quota: "The provider's quota is used up",
  overloaded: "The provider is overloaded",
  server: "The provider failed",
  timeout: "It did not answer in time",
  network: "It could not be reached",
  protocol: "Its answer could not be read",
  maybe_double_billed: "A kept connection was dead; asked again at once, so it may bill twice",
  auth: "The provider refused its credential",
  certificate: "Its certificate is not trusted",
  model_missing: "The provider does not have the model",
  context_length: "The request is too long for the model",
  content_policy: "The provider refused the content",
  rejected: "The provider refused the request",
  skipped_limit: "Passed over: at its own rate limit",
  refused: "Passed over: it cannot take this request",
  cancelled: "The caller hung up",
} as const satisfies Record<UpstreamFailure["kind"] | string, string>;

/** The words for a stored ending; one that is not in the table says its own name. */
export function describeEnding(ended: string): string {
  return (ATTEMPT_ENDINGS as Readonly<Record<string, string>>)[ended] ?? ended;
}

/** Endings that speak against a deployment, and not against the request or its caller. */
export const FAILED_ENDINGS = [
  "rate_limit",
  "quota",
  "overloaded",
  "server",
  "timeout",
  "network",
  "protocol",
  "auth",
  "certificate",
  "model_missing",
] as const satisfies readonly (keyof typeof ATTEMPT_ENDINGS)[];

/** Endings of tries that never asked the deployment. */
export function wasSkipped(ended: string): boolean {
  return ended === "skipped_limit";
}
