/**
 * The one error class and the one table of codes. A code fixes the HTTP status, OpenAI's `type`,
 * and whether a client should try again; rooms throw, and only the doors turn an error into a reply.
 */
interface CodeRow {
  status: number;
  /** OpenAI's `error.type`. */
  type: string;
  /** Sent as `x-should-retry`, which the official SDKs obey before the status. */
  retry: boolean;
}

const INVALID = "invalid_request_error";

export const ERROR_CODES = {
  // What the caller sent.
  invalid_json: { status: 400, type: INVALID, retry: false },
  invalid_value: { status: 400, type: INVALID, retry: false },
  invalid_type: { status: 400, type: INVALID, retry: false },
  missing_required_parameter: { status: 400, type: INVALID, retry: false },
  unknown_parameter: { status: 400, type: INVALID, retry: false },
  unsupported_parameter: { status: 400, type: INVALID, retry: false },
  unsupported_value: { status: 400, type: INVALID, retry: false },
  unsupported_content: { status: 400, type: INVALID, retry: false },
  context_length_exceeded: { status: 400, type: INVALID, retry: false },
  content_policy_violation: { status: 400, type: INVALID, retry: false },
  content_filter: { status: 400, type: INVALID, retry: false },
  content_blocked: { status: 400, type: INVALID, retry: false },
  model_unpriced: { status: 400, type: INVALID, retry: false },
  body_too_deep: { status: 400, type: INVALID, retry: false },
  unsupported_media_type: { status: 415, type: INVALID, retry: false },
  request_too_large: { status: 413, type: INVALID, retry: false },
  // Who the caller is.
  invalid_api_key: { status: 401, type: INVALID, retry: false },
  api_key_expired: { status: 401, type: INVALID, retry: false },
  api_key_revoked: { status: 401, type: INVALID, retry: false },
  permission_denied: { status: 403, type: "permission_error", retry: false },
  ip_not_allowed: { status: 403, type: "permission_error", retry: false },
  // What is there.
  not_found: { status: 404, type: INVALID, retry: false },
  unknown_url: { status: 404, type: INVALID, retry: false },
  method_not_allowed: { status: 405, type: INVALID, retry: false },
  model_not_found: { status: 404, type: INVALID, retry: false },
  /** Only a stored answer was wanted (`only-if-cached`), as RFC 9111, 5.2.1.7 has it. */
  cache_miss: { status: 504, type: INVALID, retry: false },
  conflict: { status: 409, type: "conflict_error", retry: false },
  // How much the caller may use.
  rate_limit_exceeded: { status: 429, type: "rate_limit_error", retry: true },
  budget_exceeded: { status: 429, type: "insufficient_quota", retry: false },
  insufficient_quota: { status: 429, type: "insufficient_quota", retry: false },
  // The gateway itself.
  internal_error: { status: 500, type: "server_error", retry: true },
  not_ready: { status: 503, type: "service_unavailable_error", retry: true },
  budget_store_unavailable: { status: 503, type: "service_unavailable_error", retry: true },
  server_shutdown: { status: 503, type: "service_unavailable_error", retry: true },
  loop_detected: { status: 508, type: "server_error", retry: false },
  /** A guardrail that may not be passed over could not check. */
  guardrail_unavailable: { status: 503, type: "service_unavailable_error", retry: true },
  no_healthy_upstream: { status: 503, type: "service_unavailable_error", retry: true },
  // What an upstream did.
  upstream_error: { status: 502, type: "server_error", retry: true },
  upstream_unreachable: { status: 502, type: "server_error", retry: true },
  upstream_protocol: { status: 502, type: "server_error", retry: true },
  upstream_malformed: { status: 502, type: "server_error", retry: true },
  upstream_truncated: { status: 502, type: "server_error", retry: true },
  upstream_redirect: { status: 502, type: "server_error", retry: false },
  upstream_refused_address: { status: 502, type: "server_error", retry: false },
  upstream_auth: { status: 502, type: "server_error", retry: false },
  upstream_timeout: { status: 504, type: "server_error", retry: true },
  upstream_idle_timeout: { status: 504, type: "server_error", retry: true },
  server_overloaded: { status: 503, type: "service_unavailable_error", retry: true },
  client_closed: { status: 499, type: "client_closed_request", retry: false },
} as const satisfies Record<string, CodeRow>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * Why an upstream failed, decided where its status was read. Routing reads only
 * this: whether to try the same target again, another target, and what to rest.
 */
export interface UpstreamFailure {
  kind:
    | "rate_limit"
    | "quota"
    | "overloaded"
    | "server"
    | "timeout"
    | "network"
    | "protocol"
    | "auth"
    | "certificate"
    | "model_missing"
    | "context_length"
    | "content_policy"
    | "rejected";
  /** The upstream's own HTTP status, when there was an answer. */
  status?: number;
  /** How long the upstream asked to be left alone. */
  retryAfterMs?: number;
  /**
   * A kept-alive connection was dead before a byte of an answer came. That is no fault of the
   * upstream, but it may have read the request, and bill it.
   */
  isStale?: true;
}

export interface ConduitErrorOptions {
  message: string;
  /** The request field at fault, as `messages[0].role`. */
  param?: string | undefined;
  /** Overrides the status of the code's row, for an upstream's own 4xx. */
  status?: number;
  /** Overrides OpenAI's `type`. */
  type?: string;
  /** Overrides `code` in the reply, for an upstream's own code. */
  publicCode?: string;
  retryAfterMs?: number | undefined;
  /** Overrides the row's advice in `x-should-retry`. */
  retry?: boolean;
  upstream?: UpstreamFailure;
  /** What an edit of an older version would have overwritten: `StaleEdit` of `contract/stale.ts`. */
  current?: unknown;
  cause?: unknown;
}

const BRAND = Symbol.for("conduit.error");

export class ConduitError extends Error {
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly status: number;
  readonly type: string;
  readonly publicCode: string;
  readonly param: string | null;
  readonly shouldRetry: boolean;
  readonly retryAfterMs: number | undefined;
  readonly upstream: UpstreamFailure | undefined;
  readonly current: unknown;

  constructor(code: ErrorCode, options: ConduitErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    const row = ERROR_CODES[code];
    this.name = "ConduitError";
    this.code = code;
    this.status = options.status ?? row.status;
    this.type = options.type ?? row.type;
    this.publicCode = options.publicCode ?? code;
    this.param = options.param ?? null;
    this.shouldRetry = options.retry ?? row.retry;
    this.retryAfterMs = options.retryAfterMs;
    this.upstream = options.upstream;
    this.current = options.current;
  }
}

/**
 * Whether a value is our error. Two copies of this class live in one process (see `singleton.ts`),
 * so the brand decides and not `instanceof`.
 */
export function isConduitError(value: unknown): value is ConduitError {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** Any thrown value as our error; an unknown one keeps its cause and shows the caller nothing. */
export function toConduitError(value: unknown): ConduitError {
  if (isConduitError(value)) {
    return value;
  }
  return new ConduitError("internal_error", {
    message: "The gateway failed to handle this request. The request id names it in the log.",
    cause: value,
  });
}

/** OpenAI's error object, the body of every refusal on `/v1` and `/admin/v1`. */
export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string };
}

export function errorBody(error: ConduitError): ErrorBody {
  return {
    error: {
      message: error.message,
      type: error.type,
      param: error.param,
      code: error.publicCode,
    },
  };
}

/** The headers that tell a client whether and when to come back. */
export function errorHeaders(error: ConduitError): Record<string, string> {
  const headers: Record<string, string> = { "x-should-retry": String(error.shouldRetry) };
  if (error.retryAfterMs !== undefined && (error.status === 429 || error.status === 503)) {
    headers["retry-after"] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    headers["retry-after-ms"] = String(Math.max(1, Math.ceil(error.retryAfterMs)));
  }
  return headers;
}
