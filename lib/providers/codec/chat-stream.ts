import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import type { DecodeContext } from "#lib/providers/wire.ts";
import { type SseBlock, type SseEvent, SseReader } from "#lib/sse.ts";
import { fallbackIdentity } from "./chunk-identity.ts";
import { ChunkSettler } from "./chunk-settler.ts";
import { errorOfEvent } from "./error-reply.ts";
import { linger, nextOrEnd } from "./linger.ts";
import { isRecord } from "./tool-arguments.ts";

const DONE = "[DONE]";
const MAX_PLAIN_BYTES = 64 * 1024;

/**
 * A stream in OpenAI's format, one batch for each network read. Chunks that every client takes pass
 * as they came, with their bytes; others are corrected (`ChunkSettler`). `[DONE]` is consumed.
 */
export function decodeChatStream(
  bytes: AsyncIterable<Uint8Array>,
  context: DecodeContext,
): AsyncIterableIterator<StreamBatch> {
  return new ChatStream(bytes[Symbol.asyncIterator](), context);
}

/** An iterator written out by hand: a generator would cost another hop for every read. */
class ChatStream implements AsyncIterableIterator<StreamBatch> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #reader = new SseReader();
  readonly #chunks: ChunkSettler;
  /** Everything so far, when the body turns out to be no event stream at all. */
  #plain: Uint8Array[] | undefined;
  #plainBytes = 0;
  /** A fault that came in one read with good events, which go out before it is thrown. */
  #failure: unknown;
  #begun = false;
  #ended = false;

  constructor(source: AsyncIterator<Uint8Array>, context: DecodeContext) {
    this.#source = source;
    this.#chunks = new ChunkSettler(fallbackIdentity(context), context.provider.quirks ?? {});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<StreamBatch, undefined>> {
    try {
      while (!this.#ended) {
        const batch = await this.#read();
        if (batch !== undefined) {
          return { done: false, value: batch };
        }
      }
    } catch (error) {
      // Whoever iterates does not close an iterator that threw.
      await this.return();
      throw error;
    }
    await linger(this.#source);
    return { done: true, value: undefined };
  }

  async #read(): Promise<StreamBatch | undefined> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    const read = await nextOrEnd(this.#source, () => this.#chunks.complete);
    return read.done === true ? this.#finish() : this.#take(read.value);
  }

  async return(): Promise<IteratorResult<StreamBatch, undefined>> {
    this.#ended = true;
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #take(bytes: Uint8Array): StreamBatch | undefined {
    if (!this.#begun && bytes.length > 0) {
      this.#begun = true;
      this.#plain = startsLikeJson(bytes) ? [] : undefined;
    }
    if (this.#plain !== undefined) {
      return this.#keepPlain(bytes, this.#plain);
    }
    const block = this.#reader.push(bytes);
    return block === undefined ? undefined : this.#decode(block);
  }

  #keepPlain(bytes: Uint8Array, parts: Uint8Array[]): undefined {
    parts.push(bytes);
    this.#plainBytes += bytes.length;
    if (this.#plainBytes > MAX_PLAIN_BYTES) {
      throw errorOfPlainBody(parts);
    }
  }

  #decode(block: SseBlock): StreamBatch | undefined {
    const events: StreamEvent[] = [];
    let bytes: Uint8Array | undefined = block.bytes;
    try {
      for (const event of block.events) {
        if (event.data.startsWith(DONE)) {
          const isLast = event === block.events.at(-1);
          return this.#decodeEnd(events, isLast ? bytes : undefined);
        }
        if (event.data === "") {
          // A sign of life: it carries nothing that could be read.
          bytes = undefined;
          continue;
        }
        bytes = this.#settle(event, events) ? bytes : undefined;
      }
    } catch (error) {
      this.#failure = error;
      bytes = undefined;
    }
    return batchOf(events, bytes);
  }

  #decodeEnd(events: StreamEvent[], bytes: Uint8Array | undefined): StreamBatch | undefined {
    const count = events.length;
    this.#end(events);
    const own = bytes === undefined || events.length > count ? undefined : beforeDone(bytes);
    return batchOf(events, own);
  }

  #settle(event: SseEvent, into: StreamEvent[]): boolean {
    const chunk = parseEvent(event.data);
    if (!isRecord(chunk) || isError(event, chunk)) {
      throw errorOfEvent(chunk);
    }
    const untouched = this.#chunks.settle(chunk, event.data, into);
    if (untouched && event.data.includes("\n")) {
      // One event over several lines: it cannot be written as one data line.
      delete into.at(-1)?.text;
      return false;
    }
    return untouched;
  }

  /** The upstream has marked its end. Throws when it did so without an answer. */
  #end(events: StreamEvent[]): void {
    if (!this.#chunks.opened) {
      throw truncated("The provider ended its stream without an answer.");
    }
    this.#ended = true;
    this.#chunks.close(events);
  }

  #settleLast(event: SseEvent, into: StreamEvent[]): void {
    if (event.data !== "" && !event.data.startsWith(DONE)) {
      this.#settle(event, into);
    }
  }

  /** The source has run dry: fine when every choice was finished, else a cut answer. */
  #finish(): StreamBatch | undefined {
    if (this.#plain !== undefined) {
      throw errorOfPlainBody(this.#plain);
    }
    const rest = this.#reader.flush();
    const events: StreamEvent[] = [];
    try {
      // An event that no blank line closed may still be whole.
      for (const event of this.#ended ? [] : (rest?.events ?? [])) {
        this.#settleLast(event, events);
      }
    } catch (error) {
      if (!isConduitError(error) || error.code !== "upstream_malformed") {
        throw error;
      }
    }
    if (!this.#chunks.complete) {
      throw truncated("The provider's stream broke off before the answer was complete.");
    }
    this.#end(events);
    return batchOf(events, undefined);
  }
}

function parseEvent(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new ConduitError("upstream_malformed", {
      message: "The provider sent a stream event that is not JSON.",
      upstream: { kind: "protocol" },
      cause,
    });
  }
}

/** Whether an event says that the answer failed: at the top, in Groq's own object, or by its name. */
function isError(event: SseEvent, chunk: Record<string, unknown>): boolean {
  const groq = chunk["x_groq"];
  return (
    Boolean(chunk["error"]) ||
    chunk["object"] === "error" ||
    event.event === "error" ||
    (isRecord(groq) && Boolean(groq["error"]))
  );
}

function startsLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 32);
  return first === 0x7b || first === 0x5b;
}

function errorOfPlainBody(parts: readonly Uint8Array[]): ConduitError {
  const body = Buffer.concat(parts).subarray(0, MAX_PLAIN_BYTES).toString("utf8");
  try {
    const value: unknown = JSON.parse(body);
    if (!isRecord(value) || !("choices" in value)) {
      return errorOfEvent(value);
    }
  } catch {
    return truncated("The provider sent something else than a stream, and not to its end.");
  }
  return new ConduitError("upstream_protocol", {
    message: "The provider answered a streamed request with a whole answer.",
    upstream: { kind: "protocol" },
  });
}

function truncated(message: string): ConduitError {
  return new ConduitError("upstream_truncated", { message, upstream: { kind: "network" } });
}

/** A batch, with its bytes where those hold nothing but the events: no comments, no byte order mark. */
function batchOf(events: StreamEvent[], bytes: Uint8Array | undefined): StreamBatch | undefined {
  if (events.length === 0) {
    return undefined;
  }
  return bytes === undefined || !isBare(bytes) ? { events } : { raw: bytes, events };
}

function isBare(bytes: Uint8Array): boolean {
  return bytes[0] === 0x64 && !viewOf(bytes).includes("\n:");
}

/** The bytes in front of the end mark, which the gateway writes itself. */
function beforeDone(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  const mark = view.lastIndexOf(DONE);
  const line = view.lastIndexOf("data:", mark);
  return line < 0 ? undefined : bytes.subarray(0, line);
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
