import { and, eq, inArray, lt, sql } from "drizzle-orm";
import { cacheEntries } from "#drizzle/schema/cache-entries.ts";
import type { Db } from "./client.ts";

export type CacheEntryRow = typeof cacheEntries.$inferInsert;

/**
 * The context that an entry's text is sealed and opened with: one that is moved to another entry no
 * longer opens. What is sealed is `CacheEntryText` as JSON.
 */
export function cacheEntryContext(entryId: string): string {
  return ["conduit", "cache-entry", "v1", entryId].join("|");
}

/** What is sealed beside an entry. */
export interface CacheEntryText {
  /** The beginning of the question, for those who may read it; empty where none is to be kept. */
  question: string;
  /** A semantic entry's whole question, which the next one is held against. Never shown. */
  asked?: string;
  /** A semantic entry's answer, as the cache wrote it. */
  answer?: string;
}

/** Notes entries, each in place of the one of the same digest. A digest may stand only once. */
export async function saveCacheEntries(db: Db, rows: readonly CacheEntryRow[]): Promise<void> {
  await db
    .insert(cacheEntries)
    .values([...rows])
    .onConflictDoUpdate({ target: cacheEntries.digest, set: REPLACED });
}

/** A newer answer takes the whole place; the id changes too, for its text is sealed under it. */
const REPLACED = {
  id: sql`excluded.id`,
  keyId: sql`excluded.key_id`,
  userId: sql`excluded.user_id`,
  teamId: sql`excluded.team_id`,
  deploymentId: sql`excluded.deployment_id`,
  deploymentName: sql`excluded.deployment_name`,
  provider: sql`excluded.provider`,
  model: sql`excluded.model`,
  sourceRequestId: sql`excluded.source_request_id`,
  costNanos: sql`excluded.cost_nanos`,
  sizeBytes: sql`excluded.size_bytes`,
  keyVersion: sql`excluded.key_version`,
  wrappedKey: sql`excluded.wrapped_key`,
  box: sql`excluded.box`,
  createdAt: sql`excluded.created_at`,
  expiresAt: sql`excluded.expires_at`,
};

/** Strikes exact entries whose answers are no longer held. */
export async function deleteExactEntries(db: Db, params: { digests: readonly Buffer[] }) {
  await db
    .delete(cacheEntries)
    .where(and(eq(cacheEntries.kind, "exact"), inArray(cacheEntries.digest, [...params.digests])));
}

/** Strikes all exact entries: for a process whose memory held them and began anew. */
export async function deleteAllExactEntries(db: Db): Promise<void> {
  await db.delete(cacheEntries).where(eq(cacheEntries.kind, "exact"));
}

/** Strikes entries whose time was over at `before`, of both kinds; gives how many. */
export async function deleteExpiredEntries(db: Db, params: { before: Date }): Promise<number> {
  const gone = await db
    .delete(cacheEntries)
    .where(lt(cacheEntries.expiresAt, params.before))
    .returning({ id: cacheEntries.id });
  return gone.length;
}

/** The digests of all exact entries. */
export async function listExactDigests(db: Db): Promise<Buffer[]> {
  const rows = await db
    .select({ digest: cacheEntries.digest })
    .from(cacheEntries)
    .where(eq(cacheEntries.kind, "exact"));
  return rows.map(({ digest }) => digest);
}
