import { keepAnswer } from "#lib/cache/lookup.ts";
import {
  type StoredAnswer,
  type StoredContent,
  type StoredEvent,
  sizeOfEvent,
  storedEventOf,
} from "#lib/cache/stored-answer.ts";
import { sharedNow } from "#lib/clock.ts";
import type { StreamBatch } from "#lib/contract/answer.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { getEnv } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { keepFor, openCarry } from "#lib/providers/carry.ts";
import type { CacheTurn } from "./cache-turn.ts";
import { isStorable, wasChecked } from "./guard.ts";
import type { Story } from "./story.ts";

/** Copies a stream's events while they pass, as long as they are not too many to be kept. */
export function copyStream(
  turn: CacheTurn,
  batches: AsyncIterable<StreamBatch>,
): AsyncIterable<StreamBatch> {
  return new Copied(turn, batches[Symbol.asyncIterator]());
}

/** A plain iterator, because it stands in a stream's way. */
class Copied implements AsyncIterableIterator<StreamBatch> {
  readonly #turn: CacheTurn;
  readonly #source: AsyncIterator<StreamBatch>;
  #events: StoredEvent[] | undefined = [];
  #left = currentSettings().cache.max_entry_kib * 1024;

  constructor(turn: CacheTurn, source: AsyncIterator<StreamBatch>) {
    this.#turn = turn;
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<StreamBatch>> {
    const next = await this.#source.next();
    if (next.done !== true) {
      this.#copy(next.value);
    } else if (this.#events !== undefined) {
      this.#turn.content = { kind: "stream", events: this.#events };
    }
    return next;
  }

  async return(): Promise<IteratorResult<StreamBatch>> {
    this.#events = undefined;
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #copy({ events }: StreamBatch): void {
    for (const event of events) {
      if (this.#events === undefined) {
        return;
      }
      const stored = storedEventOf(event);
      this.#left -= sizeOfEvent(stored);
      this.#events.push(stored);
      if (this.#left < 0) {
        this.#events = undefined;
      }
    }
  }
}

/**
 * Hands a complete answer to the caches once its record is there. Nobody waits for it but hosts that
 * freeze a process with the reply. Never throws.
 */
export async function keepStory(story: Story, record: RequestRecord): Promise<void> {
  const { cacheTurn: turn } = story;
  if (turn?.content == null || !turn.keeps || !isStorable(story) || !wasChecked(story)) {
    return;
  }
  const work = keep(turn, turn.content, record).catch((error: unknown) => {
    getLog().warn({ err: error, requestId: record.id }, "an answer could not be cached");
  });
  if (getEnv().serverless) {
    await work;
  }
}

async function keep(turn: CacheTurn, content: StoredContent, record: RequestRecord): Promise<void> {
  const { id, costNanos, deploymentId, deploymentName, provider, model, adjusted } = record;
  const ids = toolCallIdsOf(content);
  const answer: StoredAnswer = {
    sourceId: id,
    createdAtMs: sharedNow(),
    costNanos,
    deploymentId,
    deploymentName,
    provider,
    model,
    adjusted,
    content,
    carried: ids.length === 0 ? [] : await carriedOf(record.keyId, ids),
  };
  await keepAnswer(turn.question, answer, turn.powers);
}

/** Provider state of tool calls, which is kept for an hour and for one key, goes with the answer. */
async function carriedOf(keyId: string, ids: readonly string[]): Promise<StoredAnswer["carried"]> {
  const state = await openCarry({ keyId, toolCallIds: ids });
  return ids.flatMap((id) => {
    const found = state.get(id);
    return found === undefined ? [] : [[id, found] as const];
  });
}

/** Gives a stored answer's provider state to the key that gets the answer. */
export function restoreCarried(keyId: string, { carried }: StoredAnswer): void {
  const keepOne = keepFor(keyId);
  for (const [id, state] of carried) {
    // It is as `openCarry` gave it; the cache's room does not know its type.
    keepOne(id, state as Parameters<typeof keepOne>[1]);
  }
}

/** Every call's id stands once in a stream, in the event that opens the call. */
const CALLS = /"tool_calls"/;

function toolCallIdsOf(content: StoredContent): string[] {
  const texts = content.kind === "whole" ? [content.text] : content.events.map(({ text }) => text);
  const ids = texts.filter((text) => CALLS.test(text)).flatMap((text) => idsIn(JSON.parse(text)));
  return [...new Set(ids)];
}

interface WithCalls {
  tool_calls?: readonly { id?: string }[] | null;
}

function idsIn(answer: { choices?: readonly { message?: WithCalls; delta?: WithCalls }[] }) {
  return (answer.choices ?? [])
    .flatMap(({ message, delta }) => (message ?? delta)?.tool_calls ?? [])
    .flatMap(({ id }) => id ?? []);
}
