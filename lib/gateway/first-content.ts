import type { Answer, StreamBatch } from "#lib/contract/answer.ts";
import type { ChatChunkChoice } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";

/** An upstream that says nothing for so long is not about to; what it sends is kept meanwhile. */
const MAX_EMPTY_EVENTS = 1000;

/**
 * Waits until a stream carries content, so that everything an upstream may do before it (an error
 * event, role chunks and then an error, an early end) can still be answered by another target. The
 * batches that were read meanwhile come first in the answer that is returned.
 */
export async function waitForContent(answer: Answer): Promise<Answer> {
  if (answer.kind === "whole") {
    return answer;
  }
  const iterator = answer.batches[Symbol.asyncIterator]();
  const early: StreamBatch[] = [];
  let waited = 0;
  let next = await iterator.next();
  while (next.done !== true && !hasContent(next.value)) {
    early.push(next.value);
    waited += next.value.events.length;
    if (waited > MAX_EMPTY_EVENTS) {
      await iterator.return?.();
      throw new ConduitError("upstream_protocol", {
        message: `The provider sent ${MAX_EMPTY_EVENTS} events without any content.`,
        upstream: { kind: "protocol" },
      });
    }
    next = await iterator.next();
  }
  if (next.done !== true) {
    early.push(next.value);
  }
  return { kind: "stream", batches: new Replayed(early, iterator) };
}

/** Early batches, then the rest; a plain iterator, because it stands in every stream's way. */
class Replayed implements AsyncIterableIterator<StreamBatch> {
  readonly #early: StreamBatch[];
  readonly #rest: AsyncIterator<StreamBatch>;

  constructor(early: StreamBatch[], rest: AsyncIterator<StreamBatch>) {
    this.#early = early;
    this.#rest = rest;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<StreamBatch>> {
    const value = this.#early.shift();
    return value === undefined ? this.#rest.next() : Promise.resolve({ done: false, value });
  }

  async return(): Promise<IteratorResult<StreamBatch>> {
    await this.#rest.return?.();
    return { done: true, value: undefined };
  }
}

function hasContent(batch: StreamBatch): boolean {
  return batch.events.some((event) => event.chunk.choices.some(isContent));
}

/** Anything but a role counts: text, reasoning, tools, audio, and what is yet to be invented. */
function isContent({ delta, finish_reason }: ChatChunkChoice): boolean {
  return Boolean(finish_reason) || Object.entries(delta ?? {}).some(isTelling);
}

function isTelling([name, value]: [string, unknown]): boolean {
  const isEmpty = value === null || value === undefined || value === "";
  return name !== "role" && !isEmpty && !(Array.isArray(value) && value.length === 0);
}
