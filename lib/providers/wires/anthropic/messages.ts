import type { ToolCall } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Adjustments } from "#lib/providers/codec/adjust.ts";
import { parseArguments } from "#lib/providers/codec/tool-arguments.ts";
import { toolIdFor } from "#lib/providers/codec/tool-ids.ts";
import type {
  AssistantTurn,
  Conversation,
  PlacedPart,
  ToolInput,
  UserTurn,
} from "#lib/providers/codec/turns.ts";
import type { CarriedState } from "#lib/providers/wire.ts";
import { type Block, blocksOf, cacheMarker } from "./content.ts";
import { earlierThinking } from "./earlier-thinking.ts";

export interface Message {
  role: "user" | "assistant";
  content: Block[];
}

/** Anthropic refuses a conversation that begins with the assistant. */
const OPENING = "(The conversation begins with the assistant.)";
/** Said where a model does not continue its own unfinished answer. */
const CONTINUE = "Continue your last message from exactly where it ends, without repeating it.";

const TOOL_ID = { valid: /^[a-zA-Z0-9_-]{1,64}$/, length: 24 };

export interface MessageOptions {
  adjust: Adjustments;
  carried: CarriedState;
  /** Whether the model knows thinking blocks at all. */
  withThinking: boolean;
}

/** The conversation as alternating messages, the first of them the user's. */
export function messagesOf(conversation: Conversation, options: MessageOptions): Message[] {
  const messages: Message[] = [];
  for (const turn of conversation.turns) {
    const content =
      turn.role === "user" ? userBlocks(turn, options) : assistantBlocks(turn, options);
    appendMessage(messages, { role: turn.role, content });
  }
  if (messages.length === 0) {
    throw new ConduitError("invalid_value", {
      message: "The messages hold nothing that a model could read.",
      param: "messages",
    });
  }
  if (messages[0]?.role === "assistant") {
    options.adjust.report("messages");
    messages.unshift({ role: "user", content: [{ type: "text", text: OPENING }] });
  }
  return messages;
}

/** A turn whose texts were all empty leaves two neighbours of one role, which become one message. */
function appendMessage(messages: Message[], message: Message): void {
  const last = messages.at(-1);
  if (message.content.length === 0) {
    return;
  }
  if (last?.role === message.role) {
    last.content.push(...message.content);
    return;
  }
  messages.push(message);
}

/** System and developer text as blocks; `undefined` when there is none. */
export function systemBlocks(
  system: readonly PlacedPart[],
  adjust: Adjustments,
): Block[] | undefined {
  const blocks = blocksOf(system, adjust);
  return blocks.length === 0 ? undefined : blocks;
}

/**
 * Settles a conversation that ends with the assistant: the beginning of the next answer where the
 * model takes one, else followed by a request to continue.
 */
export function settleEnding(
  messages: Message[],
  options: { takesPrefill: boolean; adjust: Adjustments },
): void {
  const last = messages.at(-1);
  if (last?.role !== "assistant") {
    return;
  }
  if (!options.takesPrefill) {
    options.adjust.report("messages");
    messages.push({ role: "user", content: [{ type: "text", text: CONTINUE }] });
    return;
  }
  const text = last.content.at(-1);
  if (typeof text?.["text"] === "string") {
    // A last message that ends in white space is refused.
    text["text"] = text["text"].trimEnd();
  }
}

function userBlocks(turn: UserTurn, { adjust }: MessageOptions): Block[] {
  const results = turn.results.map(({ message, path }) => resultBlock(message, path, adjust));
  return [...results, ...blocksOf(turn.parts, adjust)];
}

function resultBlock(message: ToolInput, path: string, adjust: Adjustments): Block {
  const block: Block = {
    type: "tool_result",
    tool_use_id: toolIdFor(message.tool_call_id, TOOL_ID),
  };
  if (typeof message.content === "string") {
    if (message.content !== "") {
      block["content"] = message.content;
    }
  } else {
    const parts = message.content.map((part, at) => ({ part, path: `${path}.content[${at}]` }));
    block["content"] = blocksOf(parts, adjust);
  }
  if (message["is_error"] === true) {
    block["is_error"] = true;
  }
  return { ...block, ...cacheMarker(message, adjust) };
}

function assistantBlocks(turn: AssistantTurn, options: MessageOptions): Block[] {
  const { adjust } = options;
  return turn.messages.flatMap(({ message, parts, path }) => {
    const thinking = options.withThinking ? earlierThinking(message, options.carried) : undefined;
    if (thinking === undefined && message.reasoning_content) {
      // Without its signature a thought cannot be sent back.
      adjust.report("messages.reasoning_content");
    }
    const refusal = message.refusal
      ? [{ part: { type: "refusal" as const, refusal: message.refusal }, path }]
      : [];
    return [
      ...(thinking ?? []),
      ...blocksOf([...parts, ...refusal], adjust),
      ...(message.tool_calls ?? []).map((call) => callBlock(call, adjust)),
    ];
  });
}

function callBlock(call: ToolCall, adjust: Adjustments): Block {
  const { name, input } =
    call.type === "function"
      ? { name: call.function.name, input: parseArguments(call.function.arguments) }
      : { name: call.custom.name, input: { input: call.custom.input } };
  return {
    type: "tool_use",
    id: toolIdFor(call.id, TOOL_ID),
    name,
    input,
    ...cacheMarker(call, adjust),
  };
}
