import { seal } from "#lib/crypto.ts";
import { insertEmbedding } from "#lib/db/cache-embeddings.ts";
import { type CacheEntryText, cacheEntryContext, saveCacheEntries } from "#lib/db/cache-entries.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { newId } from "#lib/ids.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { requireCache } from "./configure.ts";
import { entryRowOf } from "./entry-row.ts";
import { digestOf } from "./key.ts";
import { isGeneral } from "./like-answer.ts";
import type { CachePowers, Question } from "./question.ts";
import { type Located, locate } from "./semantic.ts";
import { forgetSpace } from "./semantic-space.ts";
import { type StoredAnswer, sizeOfContent, writeAnswer } from "./stored-answer.ts";

/** More than wait for the database are not kept: an index takes its time over each. */
const MAX_WAITING = 100;

/**
 * Keeps an answer for questions of the same meaning, where it is one that may be given to them.
 * Never throws.
 */
export async function keepLike(
  question: Question,
  answer: StoredAnswer,
  powers: CachePowers,
): Promise<void> {
  const sizeBytes = sizeOfContent(answer.content);
  if (sizeBytes > currentSettings().cache.max_entry_kib * 1024 || !isGeneral(answer.content)) {
    return;
  }
  try {
    const located = await locate(question, powers);
    if (located !== undefined) {
      await inTurn(() => store(question, answer, located));
    }
  } catch (error) {
    forgetSpace();
    getLog().debug({ err: error, requestId: answer.sourceId }, "an answer could not be kept");
  }
}

/** One after the other, so that a burst leaves connections for requests. */
async function inTurn(work: () => Promise<void>): Promise<void> {
  const lane = singleton("cache.semantic.lane", () => ({ waiting: 0, last: Promise.resolve() }));
  if (lane.waiting >= MAX_WAITING) {
    return;
  }
  lane.waiting += 1;
  const done = lane.last.then(work).finally(() => {
    lane.waiting -= 1;
  });
  lane.last = done.catch(() => undefined);
  await done;
}

async function store(
  question: Question,
  answer: StoredAnswer,
  { like, vector, partition }: Located,
): Promise<void> {
  const digest = digestOf(["semantic entry/1", partition.toString("base64url"), like.text]);
  if (digest === undefined) {
    return;
  }
  const expiresAtMs = answer.createdAtMs + ttlMsOf(question);
  const id = newId();
  const text: CacheEntryText = {
    question: question.keepsText ? like.text.toWellFormed() : "",
    asked: like.text.toWellFormed(),
    answer: writeAnswer(answer),
  };
  const sealed = seal(requireCache().masterKeys, JSON.stringify(text), cacheEntryContext(id));
  const row = {
    ...entryRowOf({ question, answer, sizeBytes: sizeOfContent(answer.content), expiresAtMs }),
    id,
    kind: "semantic" as const,
    digest,
    keyVersion: sealed.version,
    wrappedKey: sealed.wrappedKey,
    box: sealed.box,
  };
  await getDb("batch").transaction(async (tx) => {
    await saveCacheEntries(tx, [row]);
    await insertEmbedding(tx, { entryId: id, partition, vector, expiresAt: row.expiresAt });
  });
}

function ttlMsOf({ control }: Question): number {
  const { semantic_ttl_seconds: ttl } = currentSettings().cache;
  return Math.min(ttl, control.ttlSeconds ?? ttl) * 1000;
}
