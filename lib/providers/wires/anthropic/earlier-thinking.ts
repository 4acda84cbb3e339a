import type { AssistantInput, Conversation } from "#lib/providers/codec/turns.ts";
import type { CarriedState } from "#lib/providers/wire.ts";
import type { Block } from "./content.ts";

/** Marks reasoning details that came from Anthropic; those of other providers mean nothing to it. */
export const DETAIL_FORMAT = "anthropic-claude-v1";

/**
 * The thinking blocks of an earlier answer: what this gateway kept for its tool calls, else what the
 * client sent back in `reasoning_details`. `undefined` when neither has them; an empty list when the
 * answer is known to have had none.
 */
export function earlierThinking(
  message: AssistantInput,
  carried: CarriedState,
): Block[] | undefined {
  for (const call of message.tool_calls ?? []) {
    const blocks = carried.get(call.id)?.thinkingBlocks;
    if (blocks !== undefined) {
      return [...blocks];
    }
  }
  const blocks = (message.reasoning_details ?? []).flatMap(blockOfDetail);
  return blocks.length === 0 ? undefined : blocks;
}

function blockOfDetail(detail: Record<string, unknown>): Block[] {
  const format = detail["format"];
  if (format !== undefined && format !== null && format !== DETAIL_FORMAT) {
    return [];
  }
  if (typeof detail["signature"] === "string" && detail["signature"] !== "") {
    const thinking = typeof detail["text"] === "string" ? detail["text"] : "";
    return [{ type: "thinking", thinking, signature: detail["signature"] }];
  }
  return detail["type"] === "reasoning.encrypted" && typeof detail["data"] === "string"
    ? [{ type: "redacted_thinking", data: detail["data"] }]
    : [];
}

/**
 * Whether the model is in the middle of a tool loop whose thinking was lost. Anthropic refuses to
 * go on thinking then, so that turn has to do without. A turn that is known to have had no thinking
 * counts as lost only for models whose thinking has a budget: those want it in every turn.
 */
export function isThinkingLost(
  conversation: Conversation,
  options: { carried: CarriedState; takesNone: boolean },
): boolean {
  const last = conversation.turns.at(-1);
  const before = conversation.turns.at(-2);
  if (last?.role !== "user" || last.results.length === 0 || before?.role !== "assistant") {
    return false;
  }
  return before.messages.every(({ message }) => {
    const blocks = earlierThinking(message, options.carried);
    return blocks === undefined || (blocks.length === 0 && !options.takesNone);
  });
}
