import { type MasterKeys, seal } from "#lib/crypto.ts";
import {
  type CacheLookupRow,
  type CacheLookupText,
  cacheLookupContext,
  saveCacheLookups,
} from "#lib/db/cache-lookups.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { getEnv } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { requireCache } from "./configure.ts";
import { textOfAnswer } from "./like-answer.ts";
import type { Guard } from "./near-miss-words.ts";
import type { CachePowers, Question } from "./question.ts";
import type { Found } from "./stored-answer.ts";

/** One look-up by meaning, as it ended. */
export interface Lookup {
  question: Question;
  powers: CachePowers;
  asked: string;
  /** The answer that was given. */
  hit: Found | undefined;
  /** The entry that was given, else the nearest. */
  nearest:
    | { entryId: string; similarity: number; guard: Guard | undefined; stored: string }
    | undefined;
}

/** Look-ups of a process that are noted each minute; more would tell the same. */
const NOTED_A_MINUTE = 120;
const FLUSH_MS = 500;
const MAX_WAITING = 1000;
const TEXT_CHARS = 300;
/** A vector stands for no more of an answer than this. */
const COMPARED_CHARS = 8000;

interface Samples {
  /** By the look-up's id; the later row of one id holds all that the earlier does. */
  rows: Map<string, CacheLookupRow>;
  minute: number;
  noted: number;
  timer: NodeJS.Timeout | undefined;
  /** Comparisons that are under way. */
  comparing: Set<Promise<void>>;
}

function samples(): Samples {
  return singleton("cache.lookups", () => ({
    rows: new Map(),
    minute: 0,
    noted: 0,
    timer: undefined,
    comparing: new Set(),
  }));
}

/**
 * Notes a look-up for the choice of a threshold, and has a share of the hits asked upstream once
 * more, to be compared with what was given. Never in the request's way.
 */
export function noteLookup(lookup: Lookup): void {
  if (isBeyondSample()) {
    return;
  }
  const row = rowOf(lookup);
  add(row);
  if (lookup.hit !== undefined && Math.random() < currentSettings().cache.sample_share) {
    const { comparing } = samples();
    const work = compare(row, lookup.hit, lookup.powers).finally(() => comparing.delete(work));
    comparing.add(work);
  }
}

/** Writes what waits, after the comparisons that are under way. Never rejects. */
export async function flushLookups(): Promise<void> {
  await Promise.all(samples().comparing);
  await write();
}

async function write(): Promise<void> {
  const held = samples();
  clearTimeout(held.timer);
  held.timer = undefined;
  const rows = [...held.rows.values()];
  held.rows.clear();
  if (rows.length === 0) {
    return;
  }
  try {
    await saveCacheLookups(getDb("batch"), rows);
  } catch (error) {
    getLog().warn({ err: error }, "look-ups of the cache could not be noted");
  }
}

function isBeyondSample(): boolean {
  const held = samples();
  const minute = Math.floor(Date.now() / 60_000);
  if (held.minute !== minute) {
    held.minute = minute;
    held.noted = 0;
  }
  held.noted += 1;
  return held.noted > NOTED_A_MINUTE;
}

function add(row: CacheLookupRow & { id: string }): void {
  const held = samples();
  if (held.rows.size >= MAX_WAITING) {
    return;
  }
  held.rows.set(row.id, row);
  held.timer ??= setTimeout(write, getEnv().serverless ? 0 : FLUSH_MS).unref();
}

function rowOf(lookup: Lookup): CacheLookupRow & { id: string } {
  const { question, powers, asked, hit, nearest } = lookup;
  const id = powers.requestId;
  const isKept = question.keepsText && nearest !== undefined;
  return {
    id,
    createdAt: new Date(),
    keyId: question.caller.keyId,
    teamId: question.caller.teamId,
    modelAsked: question.modelAsked,
    bestSimilarity: nearest?.similarity ?? null,
    hit: hit !== undefined,
    guard: nearest?.guard ?? null,
    entryId: nearest?.entryId ?? null,
    ...(isKept ? sealed(requireCache().masterKeys, id, { asked, stored: nearest.stored }) : {}),
  };
}

function sealed(masterKeys: MasterKeys, id: string, { asked, stored }: CacheLookupText) {
  const text: CacheLookupText = {
    asked: asked.slice(0, TEXT_CHARS).toWellFormed(),
    stored: stored.slice(0, TEXT_CHARS).toWellFormed(),
  };
  const { version, wrappedKey, box } = seal(
    masterKeys,
    JSON.stringify(text),
    cacheLookupContext(id),
  );
  return { keyVersion: version, wrappedKey, box };
}

/** Asks upstream what the cache has answered, and notes how near the two answers lie. */
async function compare(
  row: CacheLookupRow & { id: string },
  { answer }: Found,
  powers: CachePowers,
): Promise<void> {
  try {
    const fresh = textOfAnswer(await powers.askAnew());
    const given = textOfAnswer(answer.content);
    add({ ...row, agreement: await agreementOf(given, fresh, powers) });
  } catch (error) {
    getLog().debug({ err: error }, "a stored answer could not be compared with a fresh one");
  }
}

/** 0 to 1: the cosine of two answers' vectors. */
async function agreementOf(given: string, fresh: string, powers: CachePowers): Promise<number> {
  if (given === fresh) {
    return 1;
  }
  if (given.trim() === "" || fresh.trim() === "") {
    return 0;
  }
  const [one, other] = await Promise.all([
    powers.embed(given.slice(0, COMPARED_CHARS)),
    powers.embed(fresh.slice(0, COMPARED_CHARS)),
  ]);
  return Math.min(1, Math.max(0, cosine(one, other)));
}

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
  const size = Math.hypot(...one) * Math.hypot(...other);
  return size === 0 ? 0 : dot / size;
}
