import type { StreamBatch } from "#lib/contract/answer.ts";
import { batchOf, type StoredEvent, storedEventOf } from "./stored-answer.ts";

/**
 * One stream that several read, each from its beginning and at its own pace. It is read from as
 * often as the fastest of them asks, and closed when the last one has left. Everyone gets objects of
 * their own.
 */
export class SharedStream {
  readonly #source: AsyncIterator<StreamBatch>;
  readonly #batches: StoredEvent[][] = [];
  readonly #cut = Promise.withResolvers<never>();
  #end: { error?: unknown } | undefined;
  #pulling: Promise<void> | undefined;
  #readers = 0;

  constructor(source: AsyncIterable<StreamBatch>) {
    this.#source = source[Symbol.asyncIterator]();
    this.#cut.promise.catch(() => undefined);
  }

  /** A reader from the beginning. */
  read(): AsyncIterableIterator<StreamBatch> {
    this.#readers += 1;
    let at = 0;
    let isOpen = true;
    const reader: AsyncIterableIterator<StreamBatch> = {
      [Symbol.asyncIterator]: () => reader,
      next: async () => {
        const batch = isOpen ? await this.#at(at) : undefined;
        at += 1;
        return batch === undefined
          ? { done: true, value: undefined }
          : { done: false, value: batchOf(batch) };
      },
      return: async () => {
        if (isOpen) {
          isOpen = false;
          await this.#leave();
        }
        return { done: true, value: undefined };
      },
    };
    return reader;
  }

  /** Ends it for everybody: readers get what had come, and then the error. */
  cut(error: unknown): void {
    if (this.#end === undefined) {
      this.#end = { error };
      this.#cut.reject(error);
      void this.#close();
    }
  }

  async #at(index: number): Promise<StoredEvent[] | undefined> {
    while (index >= this.#batches.length && this.#end === undefined) {
      await Promise.race([this.#pull(), this.#cut.promise]);
    }
    const batch = this.#batches[index];
    if (batch === undefined && this.#end?.error !== undefined) {
      throw this.#end.error;
    }
    return batch;
  }

  /** One read at a time, for all who wait. */
  #pull(): Promise<void> {
    this.#pulling ??= this.#source
      .next()
      .then(
        (next) => {
          if (next.done === true) {
            this.#end ??= {};
          } else {
            this.#batches.push(next.value.events.map(storedEventOf));
          }
        },
        (error: unknown) => {
          this.#end ??= { error };
        },
      )
      .finally(() => {
        this.#pulling = undefined;
      });
    return this.#pulling;
  }

  async #leave(): Promise<void> {
    this.#readers -= 1;
    if (this.#readers === 0 && this.#end === undefined) {
      this.#end = {};
      await this.#close();
    }
  }

  async #close(): Promise<void> {
    try {
      await this.#source.return?.();
    } catch {
      // Whoever is left has been told why it ended.
    }
  }
}
