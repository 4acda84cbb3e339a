import type { ConduitError } from "#lib/errors.ts";
import { errorOfFacts, errorOfReply, readErrorBody } from "#lib/providers/codec/error-reply.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { ErrorReply } from "#lib/providers/wire.ts";

/** The status that each of Anthropic's error types stands for (Claude API docs, "Errors"). */
const STATUS_OF_TYPE: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["api_error", 500],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

/** A refusal with a status of its own. */
export function decodeError(reply: ErrorReply): ConduitError {
  return errorOfReply(reply);
}

/** An `error` event, or an error body behind status 200: its type says which status it would be. */
export function errorOfStream(value: unknown): ConduitError {
  const error = isRecord(value) && isRecord(value["error"]) ? value["error"] : {};
  const type = typeof error["type"] === "string" ? error["type"] : "";
  return errorOfFacts(readErrorBody(value, STATUS_OF_TYPE.get(type) ?? 502));
}
