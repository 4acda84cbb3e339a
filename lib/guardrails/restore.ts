import type { StreamBatch, StreamEvent, WholeAnswer } from "#lib/contract/answer.ts";
import type { ChatChunk, ChatDelta } from "#lib/contract/chat.ts";
import { Draft, type PathNode } from "./draft.ts";
import { isObject, type Leaf, visitLeaves } from "./leaves.ts";
import type { Masks } from "./mask.ts";
import { redraw } from "./stream-queue.ts";

/**
 * Opaque state of the provider: it comes back with the next request as it is, signature and all.
 * `reasoning_content` has the same text for people.
 */
const OPAQUE = "reasoning_details";

/** A whole answer with the originals in place of their placeholders; untouched when it has none. */
export function restoreAnswer(answer: WholeAnswer, masks: Masks): WholeAnswer {
  const draft = new Draft(answer.body);
  const { choices } = answer.body;
  for (const [at, choice] of Array.isArray(choices) ? choices.entries() : []) {
    const message: unknown = isObject(choice) ? choice["message"] : undefined;
    const parent = { parent: { parent: null, key: "choices" }, key: at };
    visitLeaves(message, { node: { parent, key: "message" }, key: "" }, (leaf) => {
      const restored = isOpaque(leaf) ? leaf.text : masks.restore(leaf.text, leaf.isArguments);
      if (restored !== leaf.text) {
        draft.set(leaf.node, restored);
      }
    });
  }
  if (!draft.changed) {
    return answer;
  }
  const { raw: _, ...rest } = answer;
  return { ...rest, body: draft.value };
}

/** The end of a channel that could be the beginning of a placeholder. */
interface Held {
  text: string;
  /** Where it would have stood, in the chunk that brought it. */
  event: StreamEvent;
  node: PathNode;
  isArguments: boolean;
}

/** A streamed answer with the originals in place of their placeholders, however those are split. */
export async function* restoreStream(
  batches: AsyncIterable<StreamBatch>,
  masks: Masks,
): AsyncGenerator<StreamBatch> {
  const restorer = new StreamRestorer(masks);
  for await (const batch of batches) {
    yield restorer.restore(batch);
  }
  const rest = restorer.finish();
  if (rest.length > 0) {
    yield { events: rest };
  }
}

class StreamRestorer {
  readonly #masks: Masks;
  /** By choice and channel. */
  readonly #held = new Map<number, Map<string, Held>>();

  constructor(masks: Masks) {
    this.#masks = masks;
  }

  restore(batch: StreamBatch): StreamBatch {
    const events: StreamEvent[] = [];
    let isChanged = false;
    for (const event of batch.events) {
      // First, because the end of a placeholder may come with the finish.
      const restored = this.#restoreEvent(event);
      for (const { index, finish_reason } of event.chunk.choices) {
        if (finish_reason) {
          events.push(...this.#flush(index));
        }
      }
      isChanged ||= restored !== event;
      events.push(restored);
    }
    return isChanged || events.length !== batch.events.length ? { events } : batch;
  }

  /** What was held when the stream has ended without a finish: no placeholder after all. */
  finish(): StreamEvent[] {
    return [...this.#held.keys()].flatMap((index) => this.#flush(index));
  }

  #restoreEvent(event: StreamEvent): StreamEvent {
    const draft = new Draft(event.chunk);
    for (const [at, choice] of event.chunk.choices.entries()) {
      const node = { parent: { parent: { parent: null, key: "choices" }, key: at }, key: "delta" };
      const isLast = Boolean(choice.finish_reason);
      visitLeaves(choice.delta, { node, key: "" }, (leaf) => {
        const text = isOpaque(leaf) ? leaf.text : this.#take(choice.index, leaf, event, isLast);
        if (text !== leaf.text) {
          draft.set(leaf.node, text);
        }
      });
    }
    return draft.changed ? redraw(event, draft) : event;
  }

  #take(index: number, leaf: Leaf, event: StreamEvent, isLast: boolean): string {
    const channels = this.#held.get(index);
    const held = channels?.get(leaf.key);
    if (held === undefined && !leaf.text.includes("[")) {
      return leaf.text;
    }
    const { isArguments, node } = leaf;
    const text = (held?.text ?? "") + leaf.text;
    const unsure = isLast ? 0 : this.#masks.unsureLength(text);
    const sure = text.length - unsure;
    if (unsure === 0) {
      channels?.delete(leaf.key);
    } else {
      const kept = { text: text.slice(sure), event, node, isArguments };
      this.#held.set(index, (channels ?? new Map()).set(leaf.key, kept));
    }
    return this.#masks.restore(text.slice(0, sure), isArguments);
  }

  /** What a choice still holds, each text in a chunk of its own. */
  #flush(index: number): StreamEvent[] {
    const channels = this.#held.get(index);
    this.#held.delete(index);
    return [...(channels?.values() ?? [])].map(({ text, event, node }) => {
      const { id, object, created, model } = event.chunk;
      const delta = alone(event.chunk, node, text);
      return {
        chunk: {
          id,
          object,
          created,
          model,
          choices: [{ index, delta, logprobs: null, finish_reason: null }],
        },
      };
    });
  }
}

/** A delta of nothing but the text at `node`, with the indexes that say what it belongs to. */
function alone(chunk: ChatChunk, node: PathNode, text: string): ChatDelta {
  const path: (string | number)[] = [];
  for (let at: PathNode | null = node; at !== null; at = at.parent) {
    path.unshift(at.key);
  }
  // `choices`, the choice's position, `delta`, and then the way inside of it.
  const [, position, , ...inside] = path;
  const delta: unknown = chunk.choices[Number(position)]?.delta;
  return pick(delta, inside, text) as ChatDelta;
}

function pick(from: unknown, [key, ...path]: readonly (string | number)[], text: string): unknown {
  if (key === undefined) {
    return text;
  }
  const inner: unknown = isObject(from) || Array.isArray(from) ? Reflect.get(from, key) : undefined;
  const picked = pick(inner, path, text);
  if (typeof key === "string") {
    return { [key]: picked };
  }
  const index = isObject(inner) ? inner["index"] : undefined;
  return [isObject(picked) && index !== undefined ? { index, ...picked } : picked];
}

function isOpaque({ key }: Leaf): boolean {
  return key.startsWith(OPAQUE);
}
