import type {
  AssistantMessage,
  ChatChoice,
  ChatCompletion,
  FinishReason,
  FunctionCall,
  ReasoningDetail,
} from "#lib/contract/chat.ts";
import { chatUsageOf, type Usage } from "#lib/contract/usage.ts";
import type { ChunkIdentity } from "./chunks.ts";

/** What a wire read out of one whole choice; parts that were not there stay absent. */
export interface ReadChoice {
  text?: string;
  refusal?: string;
  reasoning?: string;
  reasoningDetails?: ReasoningDetail[];
  toolCalls?: { id: string; name: string; arguments: string }[];
  finishReason: FinishReason;
  /** The upstream's own word for why it stopped. */
  native?: string;
}

/**
 * A whole answer in OpenAI's shape, by the same rules as `ChunkWriter`: `content` is `null` when
 * there is no text, empty arguments become `{}`, and `stop` becomes `tool_calls` when there are any.
 */
export function completionOf(parts: {
  identity: ChunkIdentity;
  choices: readonly ReadChoice[];
  usage?: Usage | undefined;
}): ChatCompletion {
  return {
    id: parts.identity.id,
    object: "chat.completion",
    created: parts.identity.created,
    model: parts.identity.model,
    choices: parts.choices.map(choiceOf),
    ...(parts.usage === undefined ? {} : { usage: chatUsageOf(parts.usage) }),
  };
}

function choiceOf(read: ReadChoice, index: number): ChatChoice {
  const calls = (read.toolCalls ?? []).map(callOf);
  const called = read.finishReason === "stop" && calls.length > 0;
  return {
    index,
    message: messageOf(read, calls),
    logprobs: null,
    finish_reason: called ? "tool_calls" : read.finishReason,
    ...(read.native === undefined ? {} : { native_finish_reason: read.native }),
  };
}

function messageOf(read: ReadChoice, calls: FunctionCall[]): AssistantMessage {
  const message: AssistantMessage = {
    role: "assistant",
    content: read.text === undefined || read.text === "" ? null : read.text,
    refusal: read.refusal ?? null,
  };
  if (read.reasoning !== undefined && read.reasoning !== "") {
    message.reasoning_content = read.reasoning;
  }
  if (read.reasoningDetails !== undefined && read.reasoningDetails.length > 0) {
    message.reasoning_details = read.reasoningDetails;
  }
  if (calls.length > 0) {
    message.tool_calls = calls;
  }
  return message;
}

function callOf(call: { id: string; name: string; arguments: string }): FunctionCall {
  return {
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: call.arguments === "" ? "{}" : call.arguments },
  };
}
