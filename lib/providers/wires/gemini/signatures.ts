import type { ToolCall } from "#lib/contract/chat.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { AssistantInput } from "#lib/providers/codec/turns.ts";
import type { CarriedState } from "#lib/providers/wire.ts";

/** Marks reasoning details that came from Gemini; those of other providers mean nothing to it. */
export const DETAIL_FORMAT = "google-gemini-v1";

/** Stands in for a signature that nobody has (Gemini API docs, "Thought signatures"). */
export const BYPASS_SIGNATURE = "skip_thought_signature_validator";

/** The field of a tool call that Google's own OpenAI-compatible endpoint keeps a signature in. */
export function signatureExtension(signature: string): Record<string, unknown> {
  return { extra_content: { google: { thought_signature: signature } } };
}

/**
 * The signature of an earlier function call: what this gateway kept for it, else what the client
 * sent back on the call or in the message's `reasoning_details`.
 */
export function signatureOfCall(
  call: ToolCall,
  message: AssistantInput,
  carried: CarriedState,
): string | undefined {
  return (
    carried.get(call.id)?.thoughtSignature ??
    signatureInCall(call) ??
    signatureIn(message.reasoning_details, call.id)
  );
}

/** The signature of an earlier answer's text. */
export function signatureOfText(message: AssistantInput): string | undefined {
  return signatureIn(message.reasoning_details, undefined);
}

function signatureInCall(call: ToolCall): string | undefined {
  const extra = call["extra_content"];
  const google = isRecord(extra) ? extra["google"] : undefined;
  const signature = isRecord(google) ? google["thought_signature"] : undefined;
  return typeof signature === "string" && signature !== "" ? signature : undefined;
}

function signatureIn(
  details: AssistantInput["reasoning_details"],
  id: string | undefined,
): string | undefined {
  const detail = (details ?? []).find(
    (entry) => entry["format"] === DETAIL_FORMAT && (entry["id"] ?? undefined) === id,
  );
  const data = detail?.["data"];
  return typeof data === "string" && data !== "" ? data : undefined;
}
