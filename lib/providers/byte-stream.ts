import { ConduitError } from "#lib/errors.ts";

/** What a body is read from: a socket that can be paused and cut. */
export interface ByteSource {
  resume(): void;
  cut(): void;
}

/** Unread bytes that make the socket pause. A stalled client costs this much and no more. */
const HIGH_WATER_BYTES = 16 * 1024;

/**
 * The answer's body. Whatever has arrived since the last read comes as one chunk, so that a burst
 * of small writes costs one hop. Ending the iteration early cuts the connection.
 */
export class ByteStream implements AsyncIterableIterator<Uint8Array> {
  readonly #source: ByteSource;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #failure: unknown;
  #reader: PromiseWithResolvers<IteratorResult<Uint8Array, undefined>> | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#chunks.length > 0) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    if (this.#ended) {
      return Promise.resolve({ done: true, value: undefined });
    }
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#chunks = [];
    if (!this.#ended) {
      this.#ended = true;
      this.#source.cut();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Takes a chunk from the socket; returns whether the socket should pause. */
  push(chunk: Uint8Array): boolean {
    if (this.#ended) {
      return false;
    }
    if (this.#reader !== undefined) {
      const reader = this.#reader;
      this.#reader = undefined;
      reader.resolve({ done: false, value: chunk });
      return false;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes > HIGH_WATER_BYTES;
  }

  end(): void {
    this.#ended = true;
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  fail(error: unknown): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#failure = error;
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  #take(): Uint8Array {
    const [only] = this.#chunks;
    const taken = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    this.#source.resume();
    return taken;
  }
}

/** Reads a whole body of at most `limitBytes`; `cut` keeps the beginning, `refuse` throws. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
  beyond: "cut" | "refuse",
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limitBytes) {
      if (beyond === "cut") {
        break;
      }
      throw new ConduitError("upstream_protocol", {
        message: `The provider's answer is larger than ${limitBytes} bytes.`,
        upstream: { kind: "protocol" },
      });
    }
  }
  const [only] = chunks;
  const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
  return whole.length > limitBytes ? whole.subarray(0, limitBytes) : whole;
}
