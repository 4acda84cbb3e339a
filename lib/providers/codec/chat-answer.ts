import { ConduitError } from "#lib/errors.ts";
import type { DecodeContext, DecodedAnswer } from "#lib/providers/wire.ts";
import { settleText } from "./chat-message.ts";
import { findUsage, readChatUsage } from "./chat-usage.ts";
import { fallbackIdentity, readIdentity } from "./chunk-identity.ts";
import { errorOfEvent } from "./error-reply.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { isRecord } from "./tool-arguments.ts";
import { keepCalls } from "./tool-deltas.ts";
import { newToolId } from "./tool-ids.ts";

type Fields = Record<string, unknown>;

/**
 * A whole answer in OpenAI's format, corrected in place where a client would stumble; `untouched`
 * when nothing was. Throws the classified error for a body that holds one instead of choices, and
 * `upstream_malformed` for a body that holds neither.
 */
export function decodeChatAnswer(parsed: unknown, context: DecodeContext): DecodedAnswer {
  const body = requireAnswer(parsed);
  const identified = settleIdentity(body, context);
  const settled = body.choices.map((choice, at) => settleChoice(choice, at));
  const untouched = !(identified || settled.includes(true));
  const found = findUsage(body);
  const read =
    found === undefined ? undefined : readChatUsage(found, context.provider.quirks ?? {});
  if (read === undefined) {
    return { body, untouched };
  }
  const { usage, figures, corrected } = read;
  const moved = corrected || body["usage"] !== found;
  if (moved) {
    body["usage"] = figures;
  }
  return { body, untouched: untouched && !moved, usage };
}

function requireAnswer(parsed: unknown): Fields & { choices: Fields[] } {
  const body = isRecord(parsed) ? parsed : {};
  const choices = body["choices"];
  if (Array.isArray(choices) && choices.length > 0 && choices.every(isRecord)) {
    return body as Fields & { choices: Fields[] };
  }
  if (body["error"] || body["object"] === "error" || Array.isArray(body["detail"])) {
    throw errorOfEvent(parsed);
  }
  throw new ConduitError("upstream_malformed", {
    message: "The provider's answer holds no choices.",
    upstream: { kind: "protocol" },
  });
}

function settleIdentity(body: Fields, context: DecodeContext): boolean {
  const identity = readIdentity(body, fallbackIdentity(context));
  const same =
    body["object"] === "chat.completion" &&
    body["id"] === identity.id &&
    body["created"] === identity.created &&
    body["model"] === identity.model;
  if (!same) {
    Object.assign(body, identity, { object: "chat.completion" });
  }
  return !same;
}

function settleChoice(choice: Fields, at: number): boolean {
  const message = isRecord(choice["message"]) ? choice["message"] : {};
  let changed = choice["message"] !== message || typeof choice["index"] !== "number";
  choice["message"] = message;
  choice["index"] = typeof choice["index"] === "number" ? choice["index"] : at;
  if (message["role"] !== "assistant") {
    message["role"] = "assistant";
    changed = true;
  }
  changed = settleText(message) || changed;
  if (message["content"] === undefined) {
    message["content"] = null;
    changed = true;
  }
  const calls = message["tool_calls"];
  const kept = Array.isArray(calls) ? calls.filter(isRecord) : [];
  const hasCalls = kept.length > 0;
  if (hasCalls) {
    changed = settleCalls(kept) || changed;
  }
  changed = keepCalls(message, kept) || changed;
  return settleFinish(choice, hasCalls) || changed;
}

function settleFinish(choice: Fields, hasCalls: boolean): boolean {
  const native = typeof choice["finish_reason"] === "string" ? choice["finish_reason"] : "stop";
  const reason = finishReasonOf(native, hasCalls);
  if (reason === choice["finish_reason"]) {
    return false;
  }
  if (native !== reason && choice["finish_reason"] === native) {
    choice["native_finish_reason"] ??= native;
  }
  choice["finish_reason"] = reason;
  return true;
}

function settleCalls(calls: readonly Fields[]): boolean {
  let changed = false;
  for (const call of calls) {
    changed = settleCall(call) || changed;
  }
  return changed;
}

function settleCall(call: Fields): boolean {
  let changed = false;
  if (typeof call["id"] !== "string" || call["id"] === "") {
    call["id"] = newToolId();
    changed = true;
  }
  if (typeof call["type"] !== "string") {
    call["type"] = "function";
    changed = true;
  }
  const body = call["function"];
  if (!isRecord(body)) {
    return changed;
  }
  const settled = settledArguments(body["arguments"]);
  changed ||= settled !== body["arguments"];
  body["arguments"] = settled;
  return changed;
}

function settledArguments(value: unknown): string {
  if (typeof value === "string") {
    return value === "" ? "{}" : value;
  }
  return value === undefined || value === null ? "{}" : JSON.stringify(value);
}
