import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import { Channel, type ChoiceState } from "./channel.ts";
import { Draft, type PathNode } from "./draft.ts";
import { originOfField, visitLeaves } from "./leaves.ts";
import { replaceText } from "./texts.ts";

/** One text of one event, with its place in its channel. */
interface Piece {
  channel: Channel;
  from: number;
  text: string;
  event: StreamEvent;
  node: PathNode;
}

interface Entry {
  batch: StreamBatch;
  pieces: readonly Piece[];
}

/**
 * The batches of a stream in their order, each held until all texts in it are cleared. A batch in
 * which nothing was replaced leaves as it came, with its bytes.
 */
export class StreamQueue {
  readonly #choices = new Map<number, ChoiceState>();
  readonly #channels: Channel[] = [];
  readonly #keepsComplete: boolean;
  #entries: Entry[] = [];
  #heldChars = 0;
  /** Set once a text has left, or nothing more will come: until then not even a role leaves. */
  #isOpen = false;

  constructor(options: { keepsComplete: boolean }) {
    this.#keepsComplete = options.keepsComplete;
  }

  get channels(): readonly Channel[] {
    return this.#channels;
  }

  get heldChars(): number {
    return this.#heldChars;
  }

  /** Whether every choice that has begun is at its end. */
  get isFinished(): boolean {
    return [...this.#choices.values()].every(({ isFinished }) => isFinished);
  }

  /** Adds a batch; returns how much text it brought, in UTF-16 units. */
  push(batch: StreamBatch): number {
    const pieces: Piece[] = [];
    for (const event of batch.events) {
      this.#read(event, pieces);
    }
    const chars = pieces.reduce((sum, { text }) => sum + text.length, 0);
    this.#heldChars += chars;
    this.#entries.push({ batch, pieces });
    return chars;
  }

  /** Nothing more comes: what is cleared may leave whether or not it has text. */
  open(): void {
    this.#isOpen = true;
  }

  /** All batches in front that may leave, as one: what one scan has cleared is one write. */
  take(): StreamBatch | undefined {
    this.#isOpen ||= this.#channels.some(({ cleared }) => cleared > 0);
    if (!this.#isOpen) {
      return undefined;
    }
    const held = this.#entries.findIndex(({ pieces }) => !pieces.every(isCleared));
    const ready = this.#entries.splice(0, held === -1 ? this.#entries.length : held);
    return joinBatches(ready.map((entry) => this.#render(entry)));
  }

  /** Takes away everything that has not left. */
  drop(): StreamEvent[] {
    const events = this.#entries.flatMap(({ batch }) => batch.events);
    this.#entries = [];
    return events;
  }

  #read(event: StreamEvent, into: Piece[]): void {
    const list = { parent: null, key: "choices" };
    for (const [at, { index, delta, finish_reason }] of event.chunk.choices.entries()) {
      const choice = this.#choice(index);
      const node = { parent: { parent: list, key: at }, key: "delta" };
      visitLeaves(delta, { node, key: "" }, (leaf) => {
        const channel = this.#channel(choice, index, leaf.key, leaf.isArguments);
        const { text } = leaf;
        into.push({ channel, from: channel.end, text, event, node: leaf.node });
        channel.append(text);
      });
      choice.isFinished ||= finish_reason != null;
    }
  }

  #choice(index: number): ChoiceState {
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      choice = { total: 0, isFinished: false, channels: new Map() };
      this.#choices.set(index, choice);
    }
    return choice;
  }

  #channel(choice: ChoiceState, index: number, key: string, isArguments: boolean): Channel {
    let channel = choice.channels.get(key);
    if (channel === undefined) {
      const [field = ""] = key.split(".");
      const origin = originOfField(field, "assistant");
      const isJson = isArguments && origin === "tool_call";
      channel = new Channel({ path: `choices[${index}].${key}`, origin, isJson, choice });
      choice.channels.set(key, channel);
      this.#channels.push(channel);
    }
    return channel;
  }

  #render({ batch, pieces }: Entry): StreamBatch {
    const drafts = new Map<StreamEvent, Draft>();
    for (const { channel, from, text, event, node } of pieces) {
      const written = channel.render(text, from);
      this.#heldChars -= text.length;
      if (this.#keepsComplete) {
        channel.complete += written;
      }
      if (written !== text) {
        const draft = drafts.get(event) ?? new Draft(event.chunk);
        drafts.set(event, draft);
        replaceText(draft, node, written);
      }
    }
    return drafts.size === 0
      ? batch
      : { events: batch.events.map((event) => redraw(event, drafts.get(event))) };
  }
}

/** Batches as one, with the bytes of all where all have kept theirs; `undefined` for none. */
function joinBatches(batches: readonly StreamBatch[]): StreamBatch | undefined {
  const [first, ...others] = batches;
  if (first === undefined || others.length === 0) {
    return first;
  }
  const events = batches.flatMap((batch) => batch.events);
  const raws = batches.flatMap(({ raw }) => (raw === undefined ? [] : [raw]));
  return raws.length === batches.length ? { events, raw: Buffer.concat(raws) } : { events };
}

/** An event with a changed chunk, without the text that it came as. */
export function redraw(event: StreamEvent, draft: Draft | undefined): StreamEvent {
  if (draft === undefined) {
    return event;
  }
  const { text: _, ...rest } = event;
  // A draft of a chunk has a chunk's shape: only texts in it were replaced.
  return { ...rest, chunk: draft.value as unknown as StreamEvent["chunk"] };
}

function isCleared({ channel, from, text }: Piece): boolean {
  return from + text.length <= channel.cleared;
}
