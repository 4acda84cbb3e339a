import type { StreamEvent } from "#lib/contract/answer.ts";
import type { ChatChunk, ChatChunkChoice } from "#lib/contract/chat.ts";
import { settleText } from "./chat-message.ts";
import { findUsage, type ReadUsage, readChatUsage } from "./chat-usage.ts";
import { CHUNK_OBJECT, IdentityKeeper } from "./chunk-identity.ts";
import type { ChunkIdentity } from "./chunks.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { isRecord } from "./tool-arguments.ts";
import { keepCalls, ToolDeltas } from "./tool-deltas.ts";

interface ChoiceState {
  opened: boolean;
  finished: boolean;
  tools: ToolDeltas;
}

type Fields = Record<string, unknown>;

/**
 * Brings the chunks of one OpenAI-like stream into the form that all clients take, and leaves alone
 * what already is: role once, one finish for each choice, usage in a chunk of its own, an identity
 * that never changes. Chunks are freshly parsed, so they are corrected in place.
 */
export class ChunkSettler {
  readonly #identity: IdentityKeeper;
  readonly #reasoningOutsideCompletion: boolean | undefined;
  readonly #choices = new Map<number, ChoiceState>();
  #heldUsage: ReadUsage | undefined;

  constructor(fallback: ChunkIdentity, quirks: { reasoningOutsideCompletion?: boolean }) {
    this.#identity = new IdentityKeeper(fallback);
    this.#reasoningOutsideCompletion = quirks.reasoningOutsideCompletion;
  }

  /** Whether every choice that began has also ended. */
  get complete(): boolean {
    return this.opened && [...this.#choices.values()].every((choice) => choice.finished);
  }

  get opened(): boolean {
    return this.#choices.size > 0;
  }

  /**
   * Adds what one upstream chunk comes to, which may be nothing or several events. Returns whether
   * it was added as it came, with `json` as its text.
   */
  settle(chunk: Fields, json: string, into: StreamEvent[]): boolean {
    const choices = chunk["choices"];
    if (!Array.isArray(choices)) {
      return false;
    }
    const usage = this.#readUsage(chunk);
    if (choices.length === 0) {
      return usage !== undefined && this.#addUsageChunk(chunk, usage, json, into);
    }
    const identified = this.#identity.settle(chunk);
    const before: StreamEvent[] = [];
    const kept = choices.filter((choice) => isRecord(choice) && !this.#isOver(choice));
    const settled = kept.map((choice) => this.#settleChoice(choice, before));
    const changed =
      identified ||
      (usage === undefined && dropUsage(chunk)) ||
      kept.length < choices.length ||
      settled.includes(true);
    into.push(...before);
    if (kept.length === 0) {
      this.#heldUsage = usage ?? this.#heldUsage;
      return false;
    }
    chunk["choices"] = kept;
    // The casts are earned: `IdentityKeeper` and `#settleChoice` have filled in what a chunk must have.
    const event: StreamEvent = { chunk: chunk as unknown as ChatChunk };
    const moved = usage !== undefined && this.#placeUsage(event, usage);
    into.push(event);
    if (changed || moved || before.length > 0) {
      return false;
    }
    event.text = json;
    return true;
  }

  /** What is still owed when the upstream has marked its end: finishes and held-back usage. */
  close(into: StreamEvent[]): void {
    for (const [index, choice] of this.#choices) {
      if (!choice.finished) {
        choice.finished = true;
        const reason = finishReasonOf("stop", choice.tools.any);
        const finish = { index, delta: {}, logprobs: null, finish_reason: reason };
        this.#addMissingArguments(index, choice.tools, into);
        into.push({ chunk: this.#chunkOf([finish]) });
      }
    }
    const held = this.#heldUsage;
    if (held !== undefined) {
      this.#heldUsage = undefined;
      const chunk = { ...this.#chunkOf([]), usage: held.figures };
      into.push({ chunk, usage: held.usage, usageOnly: true });
    }
  }

  #readUsage(chunk: Fields): ReadUsage | undefined {
    const found = findUsage(chunk);
    return found === undefined
      ? undefined
      : readChatUsage(found, { reasoningOutsideCompletion: this.#reasoningOutsideCompletion });
  }

  #addUsageChunk(chunk: Fields, usage: ReadUsage, json: string, into: StreamEvent[]): boolean {
    this.#heldUsage = undefined;
    const identified = this.#identity.settle(chunk);
    const event: StreamEvent = {
      chunk: chunk as unknown as ChatChunk,
      usage: usage.usage,
      usageOnly: true,
    };
    into.push(event);
    if (identified || usage.corrected || chunk["usage"] !== usage.figures) {
      event.chunk.usage = usage.figures;
      return false;
    }
    event.text = json;
    return true;
  }

  /** Usage beside a finish gets a chunk of its own at the end; returns whether the event changed. */
  #placeUsage(event: StreamEvent, usage: ReadUsage): boolean {
    event.usage = usage.usage;
    if (!event.chunk.choices.some((choice) => typeof choice.finish_reason === "string")) {
      return setUsage(event, usage);
    }
    this.#heldUsage = usage;
    delete event.chunk.usage;
    return true;
  }

  /** Whether a choice has already ended: some servers send empty deltas after the finish. */
  #isOver(choice: Fields): boolean {
    return this.#choices.get(numberOr(choice["index"], 0))?.finished === true;
  }

  #settleChoice(choice: Fields, before: StreamEvent[]): boolean {
    const index = numberOr(choice["index"], 0);
    let changed = choice["index"] !== index || !isRecord(choice["delta"]);
    const delta = isRecord(choice["delta"]) ? choice["delta"] : {};
    choice["index"] = index;
    choice["delta"] = delta;
    const state = this.#stateOf(index);
    changed = settleRole(delta, state) || changed;
    changed = settleText(delta) || changed;
    const calls = delta["tool_calls"];
    const kept = Array.isArray(calls) ? calls.filter(isRecord) : [];
    changed = keepCalls(delta, kept) || changed;
    changed = state.tools.settle(kept) || changed;
    return this.#settleFinish(choice, state, before) || changed;
  }

  #stateOf(index: number): ChoiceState {
    let state = this.#choices.get(index);
    if (state === undefined) {
      state = { opened: false, finished: false, tools: new ToolDeltas() };
      this.#choices.set(index, state);
    }
    return state;
  }

  #settleFinish(choice: Fields, state: ChoiceState, before: StreamEvent[]): boolean {
    const native = choice["finish_reason"];
    if (native === "") {
      // Some servers say so of every chunk before the last.
      choice["finish_reason"] = null;
      return true;
    }
    if (typeof native !== "string") {
      return false;
    }
    const reason = finishReasonOf(native, state.tools.any);
    state.finished = true;
    const split = this.#splitTools(choice, before);
    this.#addMissingArguments(numberOr(choice["index"], 0), state.tools, before);
    if (reason === native) {
      return split;
    }
    choice["finish_reason"] = reason;
    choice["native_finish_reason"] ??= native;
    return true;
  }

  /** A tool call beside the finish goes out before it, in a chunk of its own. */
  #splitTools(choice: Fields, before: StreamEvent[]): boolean {
    const delta = choice["delta"] as Fields;
    if (!Array.isArray(delta["tool_calls"])) {
      return false;
    }
    const opening = { index: choice["index"], delta, logprobs: null, finish_reason: null };
    before.push({ chunk: this.#chunkOf([opening as ChatChunkChoice]) });
    choice["delta"] = {};
    return true;
  }

  #addMissingArguments(index: number, tools: ToolDeltas, into: StreamEvent[]): void {
    const missing = tools.missingArguments();
    if (missing.length > 0) {
      const delta = { tool_calls: missing };
      into.push({ chunk: this.#chunkOf([{ index, delta, logprobs: null, finish_reason: null }]) });
    }
  }

  #chunkOf(choices: ChatChunkChoice[]): ChatChunk {
    const { id, created, model } = this.#identity.identity;
    return { id, object: CHUNK_OBJECT, created, model, choices };
  }
}

/** A usage of nothing must not stand beside what the gateway counts; returns whether one did. */
function dropUsage(chunk: Fields): boolean {
  return isRecord(chunk["usage"]) && Reflect.deleteProperty(chunk, "usage");
}

function setUsage(event: StreamEvent, usage: ReadUsage): boolean {
  if (!usage.corrected) {
    return false;
  }
  event.chunk.usage = usage.figures;
  return true;
}

function settleRole(delta: Fields, state: ChoiceState): boolean {
  if (!state.opened) {
    state.opened = true;
    if (delta["role"] === "assistant") {
      return false;
    }
    delta["role"] = "assistant";
    return true;
  }
  if (!("role" in delta)) {
    return false;
  }
  delete delta["role"];
  return true;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
