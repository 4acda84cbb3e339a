import type { StreamEvent } from "#lib/contract/answer.ts";
import type { ChatChunkChoice, FinishReason, ToolCallDelta } from "#lib/contract/chat.ts";
import { NO_USAGE, type Usage } from "#lib/contract/usage.ts";

/** What an answer says, whichever way it came: the form in which whole and streamed are compared. */
export interface ReadAnswer {
  text: string;
  refusal: string;
  reasoning: string;
  toolCalls: { id: string; name: string; arguments: string }[];
  finishReason: FinishReason;
  usage: Usage;
}

const FINISH_REASONS = ["stop", "length", "tool_calls", "content_filter"] as const;

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new Error(`Not a stream that the official clients accept: ${message}`);
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * Puts the first choice of a stream together the way the official clients do, and throws where one
 * of them would: identity that changes, a second role, repeated ids, gaps in
 * tool indexes, a missing or second finish, a finish reason outside the enum.
 */
export function assembleChat(events: readonly StreamEvent[]): ReadAnswer {
  const first = events[0]?.chunk;
  assert(first !== undefined, "no chunk at all");
  const answer: ReadAnswer = {
    text: "",
    refusal: "",
    reasoning: "",
    toolCalls: [],
    finishReason: "stop",
    usage: NO_USAGE,
  };
  let finished = false;
  let opened = false;
  for (const { chunk, usage, usageOnly, text: json } of events) {
    assert(chunk.id === first.id && chunk.id !== "", "the id changed");
    assert(chunk.object === "chat.completion.chunk", "a wrong object");
    assert(chunk.created === first.created, "created changed");
    assert(chunk.model === first.model, "the model changed");
    assert(
      json === undefined || JSON.stringify(JSON.parse(json)) === JSON.stringify(chunk),
      json ?? "",
    );
    assert((usageOnly === true) === (chunk.choices.length === 0), "usageOnly is not what it says");
    answer.usage = usage ?? answer.usage;
    for (const choice of chunk.choices.filter((entry) => entry.index === 0)) {
      assert(!finished, "a chunk after the finish");
      assert(opened !== "role" in choice.delta, "not exactly one role");
      opened = true;
      finished = typeof choice.finish_reason === "string";
      addChoice(answer, choice);
    }
  }
  assert(finished, "no finish");
  return answer;
}

function addChoice(answer: ReadAnswer, { delta, finish_reason: reason }: ChatChunkChoice): void {
  answer.text += text(delta.content);
  answer.refusal += text(delta.refusal);
  answer.reasoning += text(delta.reasoning_content);
  for (const call of delta.tool_calls ?? []) {
    addToolDelta(answer, call);
  }
  if (typeof reason === "string") {
    assert((FINISH_REASONS as readonly string[]).includes(reason), `finish reason ${reason}`);
    answer.finishReason = reason;
  }
}

function addToolDelta(answer: ReadAnswer, delta: ToolCallDelta): void {
  const known = answer.toolCalls[delta.index];
  if (known !== undefined) {
    assert(!("id" in delta || "type" in delta), "a tool call's id or type came twice");
    assert(!("name" in (delta.function ?? {})), "a tool call's name came twice");
    known.arguments += text(delta.function?.arguments);
    return;
  }
  assert(delta.index === answer.toolCalls.length, `a gap before tool index ${delta.index}`);
  assert(text(delta.id) !== "" && delta.type === "function", "a tool call without id or type");
  assert(text(delta.function?.name) !== "", "a tool call without a name");
  answer.toolCalls.push({
    id: text(delta.id),
    name: text(delta.function?.name),
    arguments: text(delta.function?.arguments),
  });
}

/** The first choice of a whole answer. */
export function readCompletion(
  body: Record<string, unknown>,
  usage: Usage | undefined,
): ReadAnswer {
  assert(
    body["object"] === "chat.completion" && text(body["id"]) !== "",
    "a wrong object or no id",
  );
  const [choice] = body["choices"] as ChatChunkChoice[];
  assert(choice?.index === 0, "no choice with index 0");
  const message = (choice as unknown as { message: Record<string, unknown> }).message;
  assert(
    message["role"] === "assistant" && "content" in message,
    "a message without role or content",
  );
  const calls = (message["tool_calls"] ?? []) as ToolCallDelta[];
  const answer: ReadAnswer = {
    text: text(message["content"]),
    refusal: text(message["refusal"]),
    reasoning: text(message["reasoning_content"]),
    toolCalls: [],
    finishReason: "stop",
    usage: usage ?? NO_USAGE,
  };
  addChoice(answer, {
    index: 0,
    delta: { tool_calls: calls.map((call, index) => ({ ...call, index })) },
    finish_reason: choice.finish_reason ?? null,
  });
  return answer;
}
