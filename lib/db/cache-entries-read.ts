import { and, count, desc, eq, gt, inArray, lte, type SQL, sql, sum } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { cacheEntries } from "#drizzle/schema/cache-entries.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { teams } from "#drizzle/schema/teams.ts";
import type { CacheKind } from "#lib/contract/cache.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Sealed } from "#lib/crypto.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** Which stored answers are meant: those that are still given, and match all that is said. */
export interface CacheEntryWhere {
  scope: Scope;
  id?: string | undefined;
  kind?: CacheKind | undefined;
  modelAsked?: string | undefined;
  teamId?: string | undefined;
  keyId?: string | undefined;
  /** Made at this time or before. */
  madeBefore?: Date | undefined;
}

function conditionOf(where: CacheEntryWhere): SQL | undefined {
  const { id, kind, modelAsked, teamId, keyId, madeBefore } = where;
  return and(
    withinScope(where.scope, cacheEntries),
    id === undefined ? undefined : eq(cacheEntries.id, id),
    kind === undefined ? undefined : eq(cacheEntries.kind, kind),
    modelAsked === undefined ? undefined : eq(cacheEntries.modelAsked, modelAsked),
    teamId === undefined ? undefined : eq(cacheEntries.teamId, teamId),
    keyId === undefined ? undefined : eq(cacheEntries.keyId, keyId),
    madeBefore === undefined ? undefined : lte(cacheEntries.createdAt, madeBefore),
  );
}

/** What has expired is no longer given, also before a job has taken it away. */
const LIVING: SQL = gt(cacheEntries.expiresAt, sql`now()`);

const COLUMNS = {
  id: cacheEntries.id,
  kind: cacheEntries.kind,
  endpoint: cacheEntries.endpoint,
  modelAsked: cacheEntries.modelAsked,
  deploymentName: cacheEntries.deploymentName,
  scopeKind: cacheEntries.scopeKind,
  keyId: cacheEntries.keyId,
  userId: cacheEntries.userId,
  keyAlias: apiKeys.alias,
  teamId: cacheEntries.teamId,
  teamName: teams.name,
  sourceRequestId: cacheEntries.sourceRequestId,
  costNanos: cacheEntries.costNanos,
  sizeBytes: cacheEntries.sizeBytes,
  keyVersion: cacheEntries.keyVersion,
  wrappedKey: cacheEntries.wrappedKey,
  box: cacheEntries.box,
  createdAt: cacheEntries.createdAt,
  expiresAt: cacheEntries.expiresAt,
};

export type ListedCacheEntry = Awaited<ReturnType<typeof selectEntries>>[number];

function selectEntries(db: Db, where: SQL | undefined) {
  return db
    .select(COLUMNS)
    .from(cacheEntries)
    .leftJoin(apiKeys, eq(apiKeys.id, cacheEntries.keyId))
    .leftJoin(teams, eq(teams.id, cacheEntries.teamId))
    .where(where)
    .$dynamic();
}

/** Stored answers, newest first. */
export async function listCacheEntries(
  db: Db,
  params: CacheEntryWhere & { limit: number; offset: number },
): Promise<Page<ListedCacheEntry>> {
  const where = and(LIVING, conditionOf(params));
  const rows = await selectEntries(db, where)
    .orderBy(desc(cacheEntries.createdAt), desc(cacheEntries.id))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(cacheEntries, where) };
}

export async function getCacheEntry(
  db: Db,
  params: { id: string },
): Promise<ListedCacheEntry | undefined> {
  const [row] = await selectEntries(db, eq(cacheEntries.id, params.id));
  return row;
}

/** What an entry's box was sealed with; `null` where nothing was kept of its question. */
export function sealedOf(row: Pick<ListedCacheEntry, "keyVersion" | "wrappedKey" | "box">) {
  const { keyVersion: version, wrappedKey, box } = row;
  return version === null || wrappedKey === null || box === null
    ? null
    : ({ version, wrappedKey, box } satisfies Sealed);
}

/** How many stored answers there are, and their size. */
export async function countCacheEntries(
  db: Db,
  where: CacheEntryWhere,
): Promise<{ entries: number; sizeBytes: number }> {
  const [row] = await db
    .select({ entries: count(), sizeBytes: sum(cacheEntries.sizeBytes).mapWith(Number) })
    .from(cacheEntries)
    .where(and(LIVING, conditionOf(where)));
  return { entries: row?.entries ?? 0, sizeBytes: row?.sizeBytes ?? 0 };
}

/** Names an entry among those of one request: the very answer, and the one for like questions. */
export function hitsKey(entry: { kind: CacheKind; sourceRequestId: string }): string {
  return `${entry.kind} ${entry.sourceRequestId}`;
}

/** How often each answer was given again, and what that saved, by `hitsKey`. */
export async function sumHits(
  db: Db,
  params: { sourceIds: readonly string[] },
): Promise<Map<string, { hits: number; savedNanos: bigint }>> {
  if (params.sourceIds.length === 0) {
    return new Map();
  }
  const rows = await db
    .select({
      sourceId: requestLogs.cacheSourceId,
      result: requestLogs.cacheResult,
      hits: count(),
      savedNanos: sql<string>`coalesce(sum(${requestLogs.savedNanos}), 0)`.mapWith(BigInt),
    })
    .from(requestLogs)
    .where(inArray(requestLogs.cacheSourceId, [...params.sourceIds]))
    .groupBy(requestLogs.cacheSourceId, requestLogs.cacheResult);
  return new Map(
    rows.map(({ sourceId, result, hits, savedNanos }) => {
      const kind = result === "SEMANTIC" ? "semantic" : "exact";
      return [hitsKey({ kind, sourceRequestId: sourceId ?? "" }), { hits, savedNanos }];
    }),
  );
}

/** Takes stored answers away, and gives what each was found by in its store. */
export async function deleteCacheEntries(
  db: Db,
  where: CacheEntryWhere,
): Promise<{ id: string; kind: CacheKind; digest: Buffer; sizeBytes: number }[]> {
  return await db.delete(cacheEntries).where(conditionOf(where)).returning({
    id: cacheEntries.id,
    kind: cacheEntries.kind,
    digest: cacheEntries.digest,
    sizeBytes: cacheEntries.sizeBytes,
  });
}
