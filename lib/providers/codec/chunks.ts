import type { StreamEvent } from "#lib/contract/answer.ts";
import type { ChatChunk, ChatDelta, FinishReason, ReasoningDetail } from "#lib/contract/chat.ts";
import { chatUsageOf, type Usage } from "#lib/contract/usage.ts";

export interface ChunkIdentity {
  id: string;
  created: number;
  model: string;
}

interface OpenTool {
  index: number;
  hasArguments: boolean;
}

interface OpenChoice {
  /** Tool calls by whatever the upstream tells them apart with. */
  tools: Map<string | number, OpenTool>;
  finished: boolean;
}

/**
 * Writes a streamed answer chunk by chunk for wires whose upstream speaks another format. It keeps
 * the rules that OpenAI's official clients rely on: `id`, `created` and `model` never
 * change, each choice opens with exactly one role chunk, tool calls are numbered from 0 whatever the
 * upstream calls them, `id`, `type` and `name` come once, and a tool call without arguments gets
 * `{}`. Chunks gather inside until `drain` hands them over, so one network read becomes one batch.
 */
export class ChunkWriter {
  #identity: ChunkIdentity;
  #events: StreamEvent[] = [];
  readonly #choices = new Map<number, OpenChoice>();

  constructor(identity: ChunkIdentity) {
    this.#identity = identity;
  }

  /** Takes the upstream's own id or model, as long as no chunk has been written. */
  identify(identity: Partial<ChunkIdentity>): void {
    if (this.#choices.size === 0) {
      this.#identity = { ...this.#identity, ...identity };
    }
  }

  /** The events written since the last call. */
  drain(): StreamEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Opens a choice with its role chunk; every other method does so by itself when needed. */
  open(choice = 0): void {
    this.#choice(choice);
  }

  /** Whether any choice has had its finish chunk. */
  get finished(): boolean {
    return [...this.#choices.values()].some((choice) => choice.finished);
  }

  content(text: string, choice = 0): void {
    if (text !== "") {
      this.#delta({ content: text }, choice);
    }
  }

  refusal(text: string, choice = 0): void {
    if (text !== "") {
      this.#delta({ refusal: text }, choice);
    }
  }

  reasoning(text: string, choice = 0): void {
    if (text !== "") {
      this.#delta({ reasoning_content: text }, choice);
    }
  }

  /** Opaque reasoning state. Each detail carries its own `index`, as Python's accumulator demands. */
  reasoningDetails(details: ReasoningDetail[], choice = 0): void {
    if (details.length > 0) {
      this.#delta({ reasoning_details: details }, choice);
    }
  }

  /** A delta that no other method writes: an extension field, or text with its log probabilities. */
  extend(delta: ChatDelta, options: { choice?: number; logprobs?: unknown } = {}): void {
    this.#delta(delta, options.choice ?? 0, options.logprobs ?? null);
  }

  /**
   * Opens a tool call. `key` is what later fragments of the same call are told by; `arguments` are
   * given by upstreams that send a call whole, `extension` holds fields beside OpenAI's own.
   */
  openTool(
    tool: {
      key: string | number;
      id: string;
      name: string;
      arguments?: string;
      extension?: Record<string, unknown>;
    },
    choice = 0,
  ): void {
    const { tools } = this.#choice(choice);
    const index = tools.size;
    const given = tool.arguments ?? "";
    tools.set(tool.key, { index, hasArguments: given !== "" });
    this.#delta(
      {
        tool_calls: [
          {
            index,
            id: tool.id,
            type: "function",
            function: { name: tool.name, arguments: given },
            ...tool.extension,
          },
        ],
      },
      choice,
    );
  }

  /** A fragment of a tool call's arguments, JSON text. Does nothing for a key that is not open. */
  toolArguments(key: string | number, text: string, choice = 0): void {
    const tool = this.#choice(choice).tools.get(key);
    if (tool !== undefined && text !== "") {
      tool.hasArguments = true;
      this.#delta({ tool_calls: [{ index: tool.index, function: { arguments: text } }] }, choice);
    }
  }

  /**
   * Ends a choice: once, after giving `{}` to tool calls that had no arguments. `stop` becomes
   * `tool_calls` when there were any. `native` is the upstream's own word.
   */
  finish(reason: FinishReason, options: { choice?: number; native?: string } = {}): void {
    const at = options.choice ?? 0;
    const choice = this.#choice(at);
    if (choice.finished) {
      return;
    }
    for (const [key, tool] of choice.tools) {
      if (!tool.hasArguments) {
        this.toolArguments(key, "{}", at);
      }
    }
    choice.finished = true;
    this.#push({
      index: at,
      delta: {},
      logprobs: null,
      finish_reason: reason === "stop" && choice.tools.size > 0 ? "tool_calls" : reason,
      ...(options.native === undefined ? {} : { native_finish_reason: options.native }),
    });
  }

  /** The usage chunk, without choices. `respond` keeps it from clients that did not ask for it. */
  usage(usage: Usage | undefined): void {
    if (usage === undefined) {
      return;
    }
    const chunk: ChatChunk = { ...this.#frame([]), usage: chatUsageOf(usage) };
    this.#events.push({ chunk, usage, usageOnly: true });
  }

  #choice(at: number): OpenChoice {
    let choice = this.#choices.get(at);
    if (choice === undefined) {
      choice = { tools: new Map(), finished: false };
      this.#choices.set(at, choice);
      this.#delta({ role: "assistant", content: "", refusal: null }, at);
    }
    return choice;
  }

  #delta(delta: ChatDelta, at: number, logprobs: unknown = null): void {
    this.#choice(at);
    this.#push({ index: at, delta, logprobs, finish_reason: null });
  }

  #push(choice: ChatChunk["choices"][number]): void {
    this.#events.push({ chunk: this.#frame([choice]) });
  }

  #frame(choices: ChatChunk["choices"]): ChatChunk {
    const { id, created, model } = this.#identity;
    return { id, object: "chat.completion.chunk", created, model, choices };
  }
}
