import { setTimeout as sleep } from "node:timers/promises";
import { sharedNow } from "#lib/clock.ts";
import { THRESHOLD_MIN } from "#lib/contract/cache-threshold.ts";
import { unseal } from "#lib/crypto.ts";
import { listNearEntries, type NearEntry } from "#lib/db/cache-embeddings.ts";
import { type CacheEntryText, cacheEntryContext } from "#lib/db/cache-entries.ts";
import { getSql } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { getLog } from "#lib/log.ts";
import { requireCache } from "./configure.ts";
import { type LikeQuestion, likeQuestionOf } from "./like-question.ts";
import { noteLookup } from "./lookup-sample.ts";
import { checkNearMiss } from "./near-miss-guard.ts";
import { type Reading, readQuestion } from "./near-miss-reading.ts";
import type { Guard } from "./near-miss-words.ts";
import type { CachePowers, Question } from "./question.ts";
import { forgetSpace, isSemanticUsable, isSpaceOpen, noteFailure } from "./semantic-space.ts";
import { type Found, readAnswer } from "./stored-answer.ts";

/** How many of the nearest are held against the question. */
const CANDIDATES = 5;
/** A similarity is told by 16-bit numbers, which err by less than this. */
const ROUNDING = 1e-6;

/** A database that is busy is not waited for: the request can be answered without it. */
const PATIENCE_MS = 3000;

/** A question with its vector, as it is looked up and kept. */
export interface Located {
  like: LikeQuestion;
  vector: readonly number[];
  partition: Buffer;
}

/**
 * The answer to a question of the same meaning: near enough by the settings, and asked for the same
 * thing by the guard. Never throws: without a vector, a table or a database there is no answer.
 */
export async function findLike(
  question: Question,
  powers: CachePowers,
): Promise<Found | undefined> {
  const tooLate = sleep(PATIENCE_MS, undefined, { ref: false });
  try {
    const place = await Promise.race([locate(question, powers), tooLate]);
    const entries = place && (await Promise.race([listNear(place), tooLate]));
    return place && entries && findAmong(entries, { question, place, powers });
  } catch (error) {
    // Its table may have been made anew for vectors of another width.
    forgetSpace();
    getLog().debug({ err: error }, "a question could not be looked up by its meaning");
    return undefined;
  }
}

/** What was found out while a question was looked up serves again when its answer is kept. */
const located = new WeakMap<Question, Promise<Located | undefined>>();

/**
 * The place of a question among others; `undefined` where it has none: it cannot be like another,
 * its vector cannot be had, or the database cannot look for it.
 */
export function locate(question: Question, powers: CachePowers): Promise<Located | undefined> {
  let place = located.get(question);
  if (place === undefined) {
    place = findPlace(question, powers);
    located.set(question, place);
  }
  return place;
}

async function findPlace(question: Question, powers: CachePowers): Promise<Located | undefined> {
  const { embedding_model: model, min_prompt_chars: minChars } = currentSettings().cache;
  const like = likeQuestionOf(question, minChars);
  if (like === undefined || model === null || !(await isSemanticUsable())) {
    return undefined;
  }
  const vector = await vectorOf(like.text, powers);
  if (vector === undefined || !(await isSpaceOpen({ model, dimensions: vector.length }))) {
    return undefined;
  }
  const partition = like.partitionOf({ model, dimensions: vector.length });
  return partition && { like, vector, partition };
}

/** A vector without length has no direction, and nothing lies near it. */
async function vectorOf(text: string, powers: CachePowers): Promise<readonly number[] | undefined> {
  try {
    const vector = await powers.embed(text);
    noteFailure(undefined);
    return vector.some((value) => value !== 0) ? vector : undefined;
  } catch (error) {
    noteFailure(error);
    return undefined;
  }
}

/** An entry that lies near, opened, with what keeps it from being given. */
interface Candidate {
  entry: NearEntry;
  text: CacheEntryText;
  guard: Guard | undefined;
}

function listNear({ partition, vector }: Located): Promise<NearEntry[]> {
  return listNearEntries(getSql(), { partition, vector, limit: CANDIDATES });
}

interface Search {
  question: Question;
  place: Located;
  powers: CachePowers;
}

function findAmong(
  entries: readonly NearEntry[],
  { question, place: { like }, powers }: Search,
): Found | undefined {
  const { threshold } = currentSettings().cache;
  const asked = readQuestion(like.text);
  // The guard is asked below the threshold too, so that an estimate for a lower one can be made.
  const candidates = entries
    .filter(({ similarity }, at) => at === 0 || similarity >= THRESHOLD_MIN)
    .flatMap((entry) => judge(entry, asked));
  const found = candidates
    .filter(({ entry, guard }) => guard === undefined && entry.similarity + ROUNDING >= threshold)
    .map((candidate) => ({ candidate, found: foundIn(candidate) }))
    .find(({ found: { answer } }) => isFreshFor(question, answer.createdAtMs));
  const nearest = found?.candidate ?? candidates[0];
  noteLookup({
    question,
    powers,
    asked: like.text,
    hit: found?.found,
    nearest: nearest && {
      entryId: nearest.entry.id,
      similarity: similarityOf(nearest.entry),
      guard: nearest.guard,
      stored: nearest.text.asked ?? "",
    },
  });
  return found?.found;
}

/** Nothing for an entry that no longer opens, as after its master key was taken away. */
function judge(entry: NearEntry, asked: Reading): Candidate[] {
  try {
    const text = openEntry(entry);
    return [{ entry, text, guard: checkNearMiss(asked, text.asked ?? "") }];
  } catch (error) {
    getLog().warn({ err: error, entryId: entry.id }, "a stored answer does not open");
    return [];
  }
}

function openEntry({ id, keyVersion: version, wrappedKey, box }: NearEntry): CacheEntryText {
  const sealed = { version, wrappedKey, box };
  const plain = unseal(requireCache().masterKeys, sealed, cacheEntryContext(id)).reveal();
  // Only `keepLike` seals semantic entries.
  return JSON.parse(plain) as CacheEntryText;
}

function foundIn({ entry, text }: Candidate): Found {
  return { answer: readAnswer(text.answer ?? ""), similarity: similarityOf(entry) };
}

function similarityOf({ similarity }: NearEntry): number {
  return Math.min(1, Math.max(0, similarity));
}

function isFreshFor({ control }: Question, createdAtMs: number): boolean {
  return control.ttlSeconds === null || sharedNow() - createdAtMs < control.ttlSeconds * 1000;
}
