import { lt, sql } from "drizzle-orm";
import { cacheLookups } from "#drizzle/schema/cache-lookups.ts";
import type { Db } from "./client.ts";

export type CacheLookupRow = typeof cacheLookups.$inferInsert;

/**
 * The context that a look-up's questions are sealed and opened with: those that are moved to another
 * look-up no longer open. What is sealed is `CacheLookupText` as JSON.
 */
export function cacheLookupContext(lookupId: string): string {
  return ["conduit", "cache-lookup", "v1", lookupId].join("|");
}

/** What is sealed beside a look-up, where what callers say may be kept. */
export interface CacheLookupText {
  /** The question that was asked. */
  asked: string;
  /** The nearest one that was answered before. */
  stored: string;
}

/** Notes look-ups. One that is noted again, with its answers compared, gains their agreement alone. */
export async function saveCacheLookups(db: Db, rows: readonly CacheLookupRow[]): Promise<void> {
  await db
    .insert(cacheLookups)
    .values([...rows])
    .onConflictDoUpdate({
      target: cacheLookups.id,
      set: { agreement: sql`coalesce(excluded.agreement, ${cacheLookups.agreement})` },
    });
}

/** Takes look-ups away that are older than `before`; gives how many. */
export async function deleteCacheLookups(db: Db, params: { before: Date }): Promise<number> {
  const gone = await db
    .delete(cacheLookups)
    .where(lt(cacheLookups.createdAt, params.before))
    .returning({ id: cacheLookups.id });
  return gone.length;
}
