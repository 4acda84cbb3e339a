import { staysForOthers } from "./coalescing.ts";
import type { Ending } from "./ending.ts";
import { clientClosed } from "./exchange.ts";
import type { Story } from "./story.ts";

/**
 * The body with an end for a reader that leaves before it has read anything: a generator that was
 * never started would run none of its own code, and the request would never be settled.
 */
export class StreamBody implements AsyncIterableIterator<Uint8Array> {
  readonly #story: Story;
  readonly #chunks: AsyncGenerator<Uint8Array>;
  readonly #ending: Ending;

  constructor(story: Story, chunks: AsyncGenerator<Uint8Array>, ending: Ending) {
    this.#story = story;
    this.#chunks = chunks;
    this.#ending = ending;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return this.#chunks.next();
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    if (staysForOthers(this.#story)) {
      void this.#readOn();
      return { done: true, value: undefined };
    }
    this.#story.exchange.cut.abort(clientClosed());
    await this.#chunks.return(undefined);
    await this.#ending.abandon();
    return { done: true, value: undefined };
  }

  /** Reads the rest for those who wait for the same answer, so that it is counted and charged. */
  async #readOn(): Promise<void> {
    let isOver = false;
    while (!isOver) {
      // Whatever goes wrong becomes an event of the stream, which ends after it.
      isOver = (await this.#chunks.next()).done === true;
    }
  }
}
