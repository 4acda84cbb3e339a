import {
  ConduitError,
  type ConduitErrorOptions,
  type ErrorCode,
  type UpstreamFailure,
} from "#lib/errors.ts";
import type { ErrorReply } from "#lib/providers/wire.ts";
import { type ErrorFacts, failureKind, statusOfWords } from "./failure-kind.ts";
import { retryAfterMs } from "./retry-after.ts";
import { isRecord } from "./tool-arguments.ts";

const MAX_MESSAGE_LENGTH = 500;

/** The refusal of an upstream as our error, by its status, headers and body. */
export function errorOfReply(reply: ErrorReply): ConduitError {
  return errorOfFacts(readErrorReply(reply));
}

/**
 * An error that came inside an answer with status 200: a stream event or a body with `error` and no
 * choices. Its status is `error.code` where that is one, else it follows from the words.
 */
export function errorOfEvent(value: unknown): ConduitError {
  const facts = readErrorBody(value, 502);
  return errorOfFacts({ ...facts, status: numericCode(value) ?? statusOfWords(facts) ?? 502 });
}

/** The refusal taken apart, for wires that know more about it than its status. */
export function readErrorReply(reply: ErrorReply, nowMs: number = Date.now()): ErrorFacts {
  const wait = retryAfterMs(reply.headers, nowMs);
  const facts = readErrorBody(parseBody(reply.body), reply.status);
  return wait === undefined ? facts : { ...facts, retryAfterMs: wait };
}

/** Message, code, type and param of an error body of any shape. */
export function readErrorBody(value: unknown, status: number): ErrorFacts {
  const inner = innerError(value);
  const code = text(inner["code"]) ?? text(inner["status"]) ?? text(outer(value)["code"]);
  const type = text(inner["type"]) ?? text(inner["error_type"]);
  const param = text(inner["param"]);
  return {
    status,
    message: scrub(findMessage(value) ?? `The provider answered with status ${status}.`),
    ...(code === undefined || /^\d+$/.test(code) ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(param === undefined ? {} : { param }),
  };
}

interface Shape {
  code: ErrorCode;
  /** Whether the upstream's own message may be shown to the caller. */
  show: boolean;
}

const SHAPES: Readonly<Record<UpstreamFailure["kind"], Shape>> = {
  rate_limit: { code: "rate_limit_exceeded", show: true },
  quota: { code: "insufficient_quota", show: true },
  overloaded: { code: "server_overloaded", show: true },
  server: { code: "upstream_error", show: true },
  timeout: { code: "upstream_timeout", show: true },
  network: { code: "upstream_unreachable", show: false },
  certificate: { code: "upstream_protocol", show: false },
  protocol: { code: "upstream_protocol", show: false },
  // What it says about the gateway's own credential is the operator's business.
  auth: { code: "upstream_auth", show: false },
  model_missing: { code: "model_not_found", show: true },
  context_length: { code: "context_length_exceeded", show: true },
  content_policy: { code: "content_policy_violation", show: true },
  rejected: { code: "invalid_value", show: true },
};

/** The loop is ours to tell as what it is: it ends at the gateway that a deployment points back to. */
const LOOP_STATUS = 508;
const LOOP: Shape = { code: "loop_detected", show: true };

/** Our error for what was read; `kind` only where the wire knows better than the shared rules. */
export function errorOfFacts(
  facts: ErrorFacts,
  kind: UpstreamFailure["kind"] = failureKind(facts),
): ConduitError {
  const shape = facts.status === LOOP_STATUS ? LOOP : SHAPES[kind];
  const failure: UpstreamFailure = { kind, status: facts.status };
  if (facts.retryAfterMs !== undefined) {
    failure.retryAfterMs = facts.retryAfterMs;
  }
  return new ConduitError(shape.code, {
    message: shape.show
      ? facts.message
      : `The provider refused the gateway's own credential or access (status ${facts.status}).`,
    param: facts.param,
    retryAfterMs: facts.retryAfterMs,
    upstream: failure,
    ...ownStatus(kind, facts),
  });
}

/** Refusals of the request itself keep the upstream's 4xx and code: the client can act on them. */
function ownStatus(kind: UpstreamFailure["kind"], facts: ErrorFacts): Partial<ConduitErrorOptions> {
  if (kind === "content_policy") {
    return facts.code === "content_filter" ? { publicCode: "content_filter" } : {};
  }
  if (kind !== "rejected") {
    return {};
  }
  // 422 says what OpenAI says with 400.
  const status = facts.status >= 400 && facts.status < 500 ? facts.status : 400;
  const own = status === 422 ? 400 : status;
  if (own === 413) {
    return { status: own, publicCode: "request_too_large" };
  }
  return { status: own, ...(facts.code === undefined ? {} : { publicCode: facts.code }) };
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const plain = body.trim();
    // A proxy's HTML page tells a caller nothing.
    return plain.startsWith("<") ? undefined : plain;
  }
}

function outer(value: unknown): Record<string, unknown> {
  const first = Array.isArray(value) ? value[0] : value;
  return isRecord(first) ? first : {};
}

function innerError(value: unknown): Record<string, unknown> {
  const body = outer(value);
  return isRecord(body["error"]) ? body["error"] : body;
}

function findMessage(value: unknown): string | undefined {
  if (typeof value === "string") {
    return text(value);
  }
  const body = outer(value);
  const errors = Array.isArray(body["errors"]) ? body["errors"][0] : undefined;
  return (
    messageIn(body["error"]) ??
    messageIn(body["message"]) ??
    messageIn(body["detail"]) ??
    messageIn(errors) ??
    text(body["Message"])
  );
}

/** A message as text, in an object's `message` or `detail`, or in a list of `{ loc, msg }`. */
function messageIn(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const lines = value.flatMap((entry) => (isRecord(entry) ? validationLine(entry) : []));
    return lines.length === 0 ? undefined : lines.join("; ");
  }
  if (isRecord(value)) {
    return messageIn(value["message"]) ?? messageIn(value["detail"]);
  }
  return text(value);
}

function validationLine(entry: Record<string, unknown>): string[] {
  const message = text(entry["msg"]) ?? text(entry["message"]);
  if (message === undefined) {
    return [];
  }
  const place = Array.isArray(entry["loc"]) ? entry["loc"].join(".") : "";
  return [place === "" ? message : `${place}: ${message}`];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numericCode(value: unknown): number | undefined {
  const inner = innerError(value);
  for (const field of [inner["code"], inner["status"], inner["status_code"]]) {
    const number = Number(field);
    if (Number.isInteger(number) && number >= 400 && number <= 599) {
      return number;
    }
  }
  return undefined;
}

/** Providers echo parts of keys and whole URLs; neither belongs in a caller's hands. */
function scrub(message: string): string {
  return message
    .slice(0, MAX_MESSAGE_LENGTH)
    .replace(/([?&](?:key|api[-_]?key|token|sig)=)[^\s&"']+/gi, "$1[removed]")
    .replace(/\b(?:sk|xai|gsk|pplx|AIza|Bearer )[-_A-Za-z0-9*.]{8,}/g, "[removed]");
}
