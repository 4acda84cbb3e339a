import type { UpstreamFailure } from "#lib/errors.ts";

/** What could be read out of an upstream's refusal. */
export interface ErrorFacts {
  status: number;
  message: string;
  code?: string;
  type?: string;
  param?: string;
  retryAfterMs?: number;
}

type Kind = UpstreamFailure["kind"];

/** How providers say that a prompt does not fit, in the words of their error messages. */
const CONTEXT_LENGTH = [
  /maximum context length/i,
  /exceeds? the (?:model's )?context window/i,
  /input tokens exceed the configured limit/i,
  /prompt is too long/i,
  /exceeds? context limit/i,
  /input is too long for requested model/i,
  /too many (?:input )?tokens/i,
  /input token count.*exceeds/i,
  /maximum prompt length is/i,
  /reduce the length of the messages/i,
  /longer than the maximum model length/i,
  /exceeds the available context size/i,
  /tokens \+ .?max_new_tokens.? must be/i,
];
const CONTEXT_LENGTH_CODES = new Set(["context_length_exceeded", "exceed_context_size_error"]);

const QUOTA_CODES = new Set([
  "insufficient_quota",
  "credit_balance_exhausted",
  "organization_spend_limit_exceeded",
  "project_spend_limit_exceeded",
  "organization_usage_limit_exceeded",
  "billing_hard_limit_reached",
  "billing_not_active",
  "billing_error",
]);
const QUOTA =
  /credit balance|used all available credits|monthly spending limit|insufficient balance/i;

const POLICY_CODES = new Set([
  "content_filter",
  "content_policy_violation",
  "invalid_prompt",
  "responsibleaipolicyviolation",
]);
const POLICY = /flagged by|requires moderation|content management policy/i;

const CLIENT_FAULTS = new Set(["invalid_request_error", "invalid_argument", "failed_precondition"]);

/** Some providers answer 400 to a wrong key. */
const BAD_KEY = /(?:incorrect|invalid) api key|api key not valid/i;

/** Kinds by the word a provider uses; they count before the status, which in-band errors lack. */
const KIND_OF_CODE: ReadonlyMap<string, Kind> = new Map<string, Kind>(
  Object.entries({
    overloaded_error: "overloaded",
    server_is_overloaded: "overloaded",
    capacity_exceeded: "overloaded",
    service_tier_capacity_exceeded: "overloaded",
    unavailable: "overloaded",
    insufficient_system_resource: "overloaded",
    rate_limit_error: "rate_limit",
    rate_limit_exceeded: "rate_limit",
    resource_exhausted: "rate_limit",
    slow_down: "rate_limit",
    authentication_error: "auth",
    invalid_api_key: "auth",
    permission_error: "auth",
    unauthenticated: "auth",
    permission_denied: "auth",
    not_found_error: "model_missing",
    model_not_found: "model_missing",
    deploymentnotfound: "model_missing",
    not_found: "model_missing",
    timeout_error: "timeout",
    timeout: "timeout",
    deadline_exceeded: "timeout",
    api_error: "server",
    server_error: "server",
    internal_server_error: "server",
    internal: "server",
  } as const),
);

/** Statuses that words stand for, for errors inside an answer whose own status was 200. */
const STATUS_OF_KIND: Readonly<Partial<Record<Kind, number>>> = {
  overloaded: 503,
  rate_limit: 429,
  auth: 401,
  model_missing: 404,
  timeout: 408,
};

/** Statuses that say more than their hundred does. */
const KIND_OF_STATUS: Readonly<Record<number, Kind>> = {
  401: "auth",
  402: "quota",
  403: "auth",
  404: "model_missing",
  // A proxy in front of the provider wants credentials: nothing that a caller could send.
  407: "auth",
  408: "timeout",
  // Both SDK families try a conflict again, and so does the gateway: as a passing server fault.
  409: "server",
  410: "model_missing",
  424: "server",
  429: "rate_limit",
  498: "overloaded",
  503: "overloaded",
  // A gateway that has met itself; asking it again goes round again.
  508: "protocol",
  529: "overloaded",
};

/** The class of a failure. What was said decides before the status does. */
export function failureKind(facts: ErrorFacts): Kind {
  return kindOfWords(facts) ?? kindOfStatus(facts);
}

function kindOfWords(facts: ErrorFacts): Kind | undefined {
  const words = [facts.code, facts.type].flatMap((word) => word?.toLowerCase() ?? []);
  const says = (known: ReadonlySet<string>): boolean => words.some((word) => known.has(word));
  const isClientError = facts.status < 500;
  if (says(CONTEXT_LENGTH_CODES)) {
    return "context_length";
  }
  if (isClientError && says(QUOTA_CODES)) {
    return "quota";
  }
  if (says(POLICY_CODES)) {
    return "content_policy";
  }
  if (facts.status === 413 && facts.type === "tokens") {
    // A tokens-per-minute limit smaller than this one request: waiting changes nothing.
    return "context_length";
  }
  return isClientError ? kindOfMessage(facts) : undefined;
}

function kindOfMessage({ status, message }: ErrorFacts): Kind | undefined {
  // "Too many tokens" on a 429 is a rate limit, so lengths are looked for only beside one.
  if (status !== 429 && CONTEXT_LENGTH.some((pattern) => pattern.test(message))) {
    return "context_length";
  }
  if (QUOTA.test(message)) {
    return "quota";
  }
  if (status === 403 && POLICY.test(message)) {
    return "content_policy";
  }
  return status === 400 && BAD_KEY.test(message) ? "auth" : undefined;
}

function kindOfStatus(facts: ErrorFacts): Kind {
  const byStatus = KIND_OF_STATUS[facts.status];
  if (byStatus !== undefined) {
    return byStatus;
  }
  for (const word of [facts.code, facts.type]) {
    const kind = word === undefined ? undefined : KIND_OF_CODE.get(word.toLowerCase());
    // A plain 400 that says "not found" about an image is still the caller's fault.
    if (kind !== undefined && (facts.status >= 500 || kind !== "model_missing")) {
      return kind;
    }
  }
  return facts.status >= 500 ? "server" : "rejected";
}

/** The HTTP status that an error's words stand for; `undefined` when they say nothing. */
export function statusOfWords(facts: ErrorFacts): number | undefined {
  for (const word of [facts.code, facts.type].flatMap((said) => said?.toLowerCase() ?? [])) {
    const kind = KIND_OF_CODE.get(word);
    const status = kind === undefined ? undefined : STATUS_OF_KIND[kind];
    if (status !== undefined) {
      return status;
    }
    if (QUOTA_CODES.has(word)) {
      return 429;
    }
    if (CLIENT_FAULTS.has(word) || CONTEXT_LENGTH_CODES.has(word) || POLICY_CODES.has(word)) {
      return 400;
    }
  }
  return undefined;
}
