import type { FinishReason } from "#lib/contract/chat.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";

/** Anthropic's `stop_reason` in OpenAI's words; any other counts as `stop`. */
const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
]);

/** How an answer ended. */
export interface Ending {
  finishReason: FinishReason;
  /** Anthropic's own word. */
  native?: string;
  /** Why the model refused, when it did and said so. */
  refusal?: string;
}

/**
 * The ending that `stop_reason` and `stop_details` tell. `callsTools` says whether the caller gets
 * tool calls: an answer whose only call stood in for `response_format` ends with `stop`.
 */
export function readEnding(source: Record<string, unknown>, callsTools: boolean): Ending {
  const native = typeof source["stop_reason"] === "string" ? source["stop_reason"] : undefined;
  const known = native === undefined ? undefined : FINISH_REASONS.get(native);
  const finishReason = known === "tool_calls" && !callsTools ? "stop" : (known ?? "stop");
  const details = source["stop_details"];
  const explanation = isRecord(details) ? details["explanation"] : undefined;
  return {
    finishReason,
    ...(native === undefined ? {} : { native }),
    ...(typeof explanation === "string" && explanation !== "" && native === "refusal"
      ? { refusal: explanation }
      : {}),
  };
}
