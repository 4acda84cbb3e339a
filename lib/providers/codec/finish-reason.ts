import type { FinishReason } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";

const KNOWN: ReadonlySet<string> = new Set<FinishReason>([
  "stop",
  "length",
  "tool_calls",
  "content_filter",
  "function_call",
]);

/** Words of OpenAI-like servers for OpenAI's five. */
const MEANINGS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>(
  Object.entries({
    eos: "stop",
    eos_token: "stop",
    end_turn: "stop",
    stop_sequence: "stop",
    model_length: "length",
    max_tokens: "length",
    max_output_tokens: "length",
    tool_call: "tool_calls",
    tool_use: "tool_calls",
    safety: "content_filter",
    recitation: "content_filter",
  } as const),
);

/** Words that mean that there is no answer. */
const FAILURES: ReadonlyMap<string, "server" | "overloaded"> = new Map([
  ["error", "server"],
  ["insufficient_system_resource", "overloaded"],
]);

/**
 * A finish reason that every client accepts; an unknown word is `stop`. Throws when the word says
 * that the upstream failed. With tool calls in the answer `stop` is `tool_calls`.
 */
export function finishReasonOf(native: string, hasToolCalls: boolean): FinishReason {
  const failure = FAILURES.get(native.toLowerCase());
  if (failure !== undefined) {
    throw failedFinish(native, failure);
  }
  const reason = isKnown(native) ? native : (MEANINGS.get(native.toLowerCase()) ?? "stop");
  return reason === "stop" && hasToolCalls ? "tool_calls" : reason;
}

function isKnown(native: string): native is FinishReason {
  return KNOWN.has(native);
}

function failedFinish(native: string, kind: "server" | "overloaded"): ConduitError {
  return new ConduitError(kind === "overloaded" ? "server_overloaded" : "upstream_error", {
    message: `The provider gave up on this answer (finish reason "${native}").`,
    upstream: { kind },
  });
}
