import { sharedNow } from "#lib/clock.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { getLog } from "#lib/log.ts";
import { requireCache } from "./configure.ts";
import type { Question } from "./question.ts";
import { getStored, putStored } from "./store.ts";
import { type Found, type StoredAnswer, sizeOfContent } from "./stored-answer.ts";

/** The answer to the very same question, unless it is older than the caller takes. Never throws. */
export async function findExact({ digest, control }: Question): Promise<Found | undefined> {
  const answer = await getStored(digest);
  if (answer === undefined) {
    return undefined;
  }
  const ageMs = sharedNow() - answer.createdAtMs;
  const isFresh = control.ttlSeconds === null || ageMs < control.ttlSeconds * 1000;
  return isFresh ? { answer, similarity: null } : undefined;
}

/**
 * Keeps an answer under its question, unless it is larger than the settings allow, and notes its
 * entry for the console. A store that is down keeps nothing. Never throws.
 */
export async function keepExact(question: Question, answer: StoredAnswer): Promise<void> {
  const { max_entry_kib, ttl_seconds } = currentSettings().cache;
  const sizeBytes = sizeOfContent(answer.content);
  if (sizeBytes > max_entry_kib * 1024) {
    return;
  }
  const ttlMs = Math.min(ttl_seconds, question.control.ttlSeconds ?? ttl_seconds) * 1000;
  try {
    await putStored(question.digest, answer, ttlMs);
  } catch (error) {
    getLog().debug({ err: error, requestId: answer.sourceId }, "an answer could not be cached");
    return;
  }
  await requireCache().entries.add({
    question,
    answer,
    sizeBytes,
    expiresAtMs: answer.createdAtMs + ttlMs,
  });
}
