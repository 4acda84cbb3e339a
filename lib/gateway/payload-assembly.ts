import type { ChatChunk, ChatDelta, FinishReason, ToolCallDelta } from "#lib/contract/chat.ts";
import type { KeptText } from "#lib/contract/payload.ts";

interface Choice {
  content: string;
  refusal: string;
  reasoning: string;
  tools: Map<number, { id: string; name: string; arguments: string }>;
  finishReason: FinishReason | null;
}

/**
 * Puts a streamed answer together in the form of a whole one while it passes: as events it would
 * take ten times the room. What is beyond `maxChars` of text is left out.
 */
export class AnswerAssembly {
  readonly #maxChars: number;
  readonly #choices = new Map<number, Choice>();
  #first: ChatChunk | undefined;
  #usage: unknown;
  #chars = 0;
  #truncated = false;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  add(chunk: ChatChunk): void {
    this.#first ??= chunk;
    this.#usage = chunk.usage ?? this.#usage;
    for (const { index, delta, finish_reason } of chunk.choices) {
      const choice = this.#choice(index);
      this.#merge(choice, delta);
      choice.finishReason = finish_reason ?? choice.finishReason;
    }
  }

  /** The answer as JSON; `null` when no event came. */
  finish(): KeptText | null {
    if (this.#first === undefined) {
      return null;
    }
    const { id, created, model } = this.#first;
    const choices = [...this.#choices].map(([index, choice]) => ({
      index,
      message: messageOf(choice),
      finish_reason: choice.finishReason,
    }));
    const usage = this.#usage === undefined ? {} : { usage: this.#usage };
    const answer = { id, object: "chat.completion", created, model, choices, ...usage };
    return { text: JSON.stringify(answer), truncated: this.#truncated };
  }

  #choice(index: number): Choice {
    const known = this.#choices.get(index);
    if (known !== undefined) {
      return known;
    }
    const choice: Choice = {
      content: "",
      refusal: "",
      reasoning: "",
      tools: new Map(),
      finishReason: null,
    };
    this.#choices.set(index, choice);
    return choice;
  }

  #merge(choice: Choice, delta: ChatDelta): void {
    choice.content += this.#take(delta.content);
    choice.refusal += this.#take(delta.refusal);
    choice.reasoning += this.#take(delta.reasoning_content);
    for (const call of delta.tool_calls ?? []) {
      this.#mergeTool(choice, call);
    }
  }

  #mergeTool({ tools }: Choice, call: ToolCallDelta): void {
    const known = tools.get(call.index) ?? { id: "", name: "", arguments: "" };
    known.id = call.id ?? known.id;
    known.name += this.#take(call.function?.name);
    known.arguments += this.#take(call.function?.arguments);
    tools.set(call.index, known);
  }

  #take(text: string | null | undefined): string {
    if (text === null || text === undefined || text === "") {
      return "";
    }
    const kept = text.slice(0, this.#maxChars - this.#chars);
    this.#chars += kept.length;
    this.#truncated ||= kept.length < text.length;
    return kept;
  }
}

function messageOf({ content, refusal, reasoning, tools }: Choice): Record<string, unknown> {
  return {
    role: "assistant",
    content: content === "" && tools.size > 0 ? null : content,
    ...(refusal === "" ? {} : { refusal }),
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(tools.size === 0 ? {} : { tool_calls: [...tools.values()].map(toolOf) }),
  };
}

function toolOf({ id, ...called }: { id: string; name: string; arguments: string }) {
  return { id, type: "function", function: called };
}
