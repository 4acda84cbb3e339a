import type {
  Answer,
  StreamAnswer,
  StreamBatch,
  StreamEvent,
  WholeAnswer,
} from "#lib/contract/answer.ts";
import type { ChatChunk } from "#lib/contract/chat.ts";
import type { Usage } from "#lib/contract/usage.ts";

/** A complete answer as it is kept, with what the next one who gets it is told about it. */
export interface StoredAnswer {
  /** The request that was answered first. */
  sourceId: string;
  createdAtMs: number;
  /** What that request was charged. */
  costNanos: bigint;
  deploymentId: string | null;
  deploymentName: string | null;
  provider: string | null;
  model: string | null;
  /** As in `x-conduit-adjusted`. */
  adjusted: readonly string[];
  content: StoredContent;
  /** Opaque provider state of the answer's tool calls, by their ids. */
  carried: readonly (readonly [toolCallId: string, state: unknown])[];
}

/** A stored answer that may be given to the one who asks. */
export interface Found {
  answer: StoredAnswer;
  /** How near the question was, 0 to 1; null for the very same one. */
  similarity: number | null;
}

export type StoredContent =
  /** `text` is the answer's JSON as the caller got it. */
  | { kind: "whole"; text: string; usage?: Usage }
  | { kind: "stream"; events: readonly StoredEvent[] };

/** One event of a stream: its JSON as the caller got it. */
export interface StoredEvent {
  text: string;
  usage?: Usage;
  usageOnly?: true;
}

/** Bytes that an entry takes, near enough: what stands around an event is small beside the event. */
export function sizeOfContent(content: StoredContent): number {
  return content.kind === "whole"
    ? Buffer.byteLength(content.text)
    : content.events.reduce((sum, event) => sum + sizeOfEvent(event), 0);
}

const EVENT_FRAME_BYTES = 8;

export function sizeOfEvent(event: StoredEvent): number {
  return Buffer.byteLength(event.text) + EVENT_FRAME_BYTES;
}

/** A whole answer's content, its bytes as they went out. */
export function contentOfWhole({ raw, body, usage }: WholeAnswer): StoredContent {
  const text = raw === undefined ? JSON.stringify(body) : Buffer.from(raw).toString("utf8");
  return { kind: "whole", text, ...(usage && { usage }) };
}

export function storedEventOf({ text, chunk, usage, usageOnly }: StreamEvent): StoredEvent {
  // An event may be written over several lines; kept on one, it is the same JSON.
  const isLine = text !== undefined && !/[\r\n]/.test(text);
  return {
    text: isLine ? text : JSON.stringify(chunk),
    ...(usage && { usage }),
    ...(usageOnly === true ? { usageOnly } : {}),
  };
}

/**
 * The answer again, from the beginning: a stream as a stream of the same events. Each call makes
 * objects of its own, so that whoever changes an answer on its way changes nobody else's.
 */
export function replayContent(content: StoredContent): Answer {
  return content.kind === "whole" ? replayWhole(content) : replayStream(content.events);
}

function replayWhole({ text, usage }: Extract<StoredContent, { kind: "whole" }>): WholeAnswer {
  // Only a JSON object ever became an answer.
  const body = JSON.parse(text) as Record<string, unknown>;
  return { kind: "whole", body, raw: Buffer.from(text), ...(usage && { usage }) };
}

/** Events to a write: one long answer must not hold up all others. */
const EVENTS_A_BATCH = 64;

function replayStream(events: readonly StoredEvent[]): StreamAnswer {
  return { kind: "stream", batches: new Replay(events) };
}

class Replay implements AsyncIterableIterator<StreamBatch> {
  readonly #events: readonly StoredEvent[];
  #at = 0;

  constructor(events: readonly StoredEvent[]) {
    this.#events = events;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<StreamBatch>> {
    const batch = this.#events.slice(this.#at, this.#at + EVENTS_A_BATCH);
    this.#at += batch.length;
    return Promise.resolve(
      batch.length === 0
        ? { done: true, value: undefined }
        : { done: false, value: batchOf(batch) },
    );
  }

  return(): Promise<IteratorResult<StreamBatch>> {
    this.#at = this.#events.length;
    return Promise.resolve({ done: true, value: undefined });
  }
}

/** Events as a stream gives them, with the bytes that they are. */
export function batchOf(stored: readonly StoredEvent[]): StreamBatch {
  let raw = "";
  const events = stored.map((event): StreamEvent => {
    raw += `data: ${event.text}\n\n`;
    // Only a chunk's own JSON ever became an event.
    return { ...event, chunk: JSON.parse(event.text) as ChatChunk };
  });
  return { raw: Buffer.from(raw), events };
}

/** One line of text that `readAnswer` makes the same answer of. */
export function writeAnswer(answer: StoredAnswer): string {
  return JSON.stringify({ ...answer, costNanos: answer.costNanos.toString() });
}

/** What `writeAnswer` wrote. Throws for anything else. */
export function readAnswer(text: string): StoredAnswer {
  // Entries are sealed, so that nobody but `writeAnswer` can have written one.
  const read = JSON.parse(text) as Omit<StoredAnswer, "costNanos"> & { costNanos: string };
  return { ...read, costNanos: BigInt(read.costNanos) };
}
