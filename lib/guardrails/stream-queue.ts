import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import { Channel, type ChoiceState } from "./channel.ts";
import type { TextOrigin } from "./define-rule.ts";
import { Draft, type PathNode, renderPath } from "./draft.ts";
import { isBookkeeping, originInChoice } from "./leaf-names.ts";
import { isObject, type Leaf, originOfField, visitLeaves } from "./leaves.ts";
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

/** What is read piece by piece, or holds it. */
const STREAMED = new Set(["choices", "delta"]);

/**
 * The batches of a stream in their order, each held until all texts in it are cleared. A batch in
 * which nothing was replaced leaves as it came, with its bytes.
 */
export class StreamQueue {
  readonly #choices = new Map<number, ChoiceState>();
  readonly #channels: Channel[] = [];
  readonly #besides = new Map<string, { text: string; channel: Channel }>();
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
    const front = this.#splitFirst();
    const leaving = front === undefined ? ready : [...ready, front];
    return joinBatches(leaving.map((entry) => this.#render(entry)));
  }

  /**
   * The cleared events in front of a batch that is held for its later ones. A network read may bring
   * a long burst before a pause, and no more than the window of it is to wait.
   */
  #splitFirst(): Entry | undefined {
    const [entry] = this.#entries;
    const held = entry?.pieces.find((piece) => !isCleared(piece));
    const at =
      entry === undefined || held === undefined ? 0 : entry.batch.events.indexOf(held.event);
    if (entry === undefined || at <= 0) {
      return undefined;
    }
    const { events } = entry.batch;
    const front = new Set(events.slice(0, at));
    const isInFront = ({ event }: Piece): boolean => front.has(event);
    this.#entries[0] = {
      batch: { events: events.slice(at) },
      pieces: entry.pieces.filter((piece) => !isInFront(piece)),
    };
    return { batch: { events: [...front] }, pieces: entry.pieces.filter(isInFront) };
  }

  /** Takes away everything that has not left. */
  drop(): StreamEvent[] {
    const events = this.#entries.flatMap(({ batch }) => batch.events);
    this.#entries = [];
    return events;
  }

  #read(event: StreamEvent, into: Piece[]): void {
    this.#readBeside(event, event.chunk, null, into);
    const list = { parent: null, key: "choices" };
    for (const [at, { index, delta, text, finish_reason }] of event.chunk.choices.entries()) {
      const choice = this.#choice(index);
      const parent = { parent: list, key: at };
      this.#readBeside(event, event.chunk.choices[at], parent, into);
      const append = ({ key, text, node, isArguments }: Leaf): void => {
        const channel = this.#channel(choice, index, key, isArguments);
        into.push({ channel, from: channel.end, text, event, node });
        channel.append(text);
      };
      visitLeaves(delta, { node: { parent, key: "delta" }, key: "" }, append);
      // Where providers of completions write it.
      visitLeaves(text, { node: { parent, key: "text" }, key: "text" }, append);
      choice.isFinished ||= Boolean(finish_reason);
    }
  }

  /** What stands beside the deltas, as the sources of a search: each a text of its own. */
  #readBeside(
    event: StreamEvent,
    holder: object | undefined,
    parent: PathNode | null,
    into: Piece[],
  ): void {
    for (const [key, value] of Object.entries(holder ?? {})) {
      if (typeof value !== "string" && !isObject(value) && !Array.isArray(value)) {
        continue;
      }
      if (STREAMED.has(key) || (key === "text" && parent !== null) || isBookkeeping(key)) {
        continue;
      }
      visitLeaves(value, { node: { parent, key }, key }, ({ node, text }) => {
        const channel = this.#beside(renderPath(node), text, originInChoice(key));
        into.push({ channel, from: 0, text, event, node });
      });
    }
  }

  /** Providers repeat such a text with every chunk; it is read once. */
  #beside(path: string, text: string, origin: TextOrigin): Channel {
    const known = this.#besides.get(path);
    if (known?.text === text) {
      return known.channel;
    }
    const choice = { total: 0, isFinished: true, channels: new Map() };
    const channel = new Channel({ path, origin, isArguments: false, choice });
    channel.append(text);
    this.#besides.set(path, { text, channel });
    this.#channels.push(channel);
    return channel;
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
      channel = new Channel({
        path: `choices[${index}].${key}`,
        origin,
        isArguments: isArguments && origin === "tool_call",
        choice,
      });
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
      // A text beside the deltas begins at 0 each time that it is repeated.
      if (this.#keepsComplete && (from > 0 || channel.complete === "")) {
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
