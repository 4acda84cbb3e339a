import { and, isNotNull, type SQL, sql } from "drizzle-orm";
import { cacheLookups } from "#drizzle/schema/cache-lookups.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { LATENCY_BOUNDS_MS } from "#lib/catalog/latency-buckets.ts";
import type { CacheResult } from "#lib/contract/record.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { logWhere } from "./log-where.ts";

/** Requests of one bucket that the cache said the same to and that took about as long. */
export interface CacheCount {
  /** Place of the bucket: 0 for `[bounds[0], bounds[1])`. */
  bucket: number;
  result: CacheResult;
  /** Of `catalog/latency-buckets.ts`. */
  latencyClass: number;
  requests: number;
  savedNanos: bigint;
}

const CLASSES = sql.raw(`array[${LATENCY_BOUNDS_MS.join(",")}]::float8[]`);

/**
 * Requests by what the cache said to them, from the log rows: sums do not tell a miss from a request
 * that was not looked up. Empty buckets are left out.
 */
export async function countCacheResults(
  db: Db,
  params: { scope: Scope; bounds: readonly Date[] },
): Promise<CacheCount[]> {
  const { scope, bounds } = params;
  const list = `{${bounds.map((bound) => `"${bound.toISOString()}"`).join(",")}}`;
  const bucket = sql`width_bucket(${requestLogs.createdAt}, ${list}::timestamptz[])`;
  return await db
    .select({
      bucket: sql`${bucket} - 1`.mapWith(Number).as("bucket"),
      result: requestLogs.cacheResult,
      latencyClass: sql`width_bucket(${requestLogs.latencyMs}, ${CLASSES})`
        .mapWith(Number)
        .as("latency_class"),
      requests: sql`count(*)`.mapWith(Number),
      savedNanos: sql<string>`coalesce(sum(${requestLogs.savedNanos}), 0)`.mapWith(BigInt),
    })
    .from(requestLogs)
    .where(logWhere({ scope, from: bounds[0], to: bounds.at(-1) }))
    .groupBy(sql`1`, requestLogs.cacheResult, sql`3`);
}

/** Sampled look-ups since a moment that belong to a scope; a row names its key and team, no person. */
function lookupsWithin(scope: Scope, since: Date): SQL | undefined {
  const { createdAt, teamId } = cacheLookups;
  const inTime = sql`${createdAt} >= ${since.toISOString()}::timestamptz`;
  if (scope.all) {
    return inTime;
  }
  const teams = sql.join(
    scope.teamIds.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  return and(inTime, scope.teamIds.length === 0 ? sql`false` : sql`${teamId} in (${teams})`);
}

/** How well sampled hits agreed with fresh answers: the mean, and of how many. */
export async function averageAgreement(
  db: Db,
  params: { scope: Scope; from: Date; to: Date },
): Promise<{ compared: number; agreement: number | null }> {
  const [row] = await db
    .select({
      compared: sql`count(*)`.mapWith(Number),
      agreement: sql<number | null>`avg(${cacheLookups.agreement})::float8`,
    })
    .from(cacheLookups)
    .where(
      and(
        lookupsWithin(params.scope, params.from),
        sql`${cacheLookups.createdAt} < ${params.to.toISOString()}::timestamptz`,
        isNotNull(cacheLookups.agreement),
      ),
    );
  return { compared: row?.compared ?? 0, agreement: row?.agreement ?? null };
}

/** Look-ups whose nearest entry was about as near. */
export interface SimilarityCount {
  /** `floor(similarity × 1000)`; `null` where there was nothing to compare with. */
  thousandth: number | null;
  /** Whether a guard kept the entry from being given. */
  isGuarded: boolean;
  lookups: number;
  /** Of them, those that were answered from the cache. */
  hits: number;
  oldest: Date;
}

/** Semantic look-ups since a moment by the similarity of the nearest entry, to a thousandth. */
export async function countSimilarities(
  db: Db,
  params: { scope: Scope; since: Date },
): Promise<SimilarityCount[]> {
  // A `real` of 0.95 is a little less than 0.95; a ten-millionth puts it where it belongs.
  const thousandth = sql`floor((${cacheLookups.bestSimilarity}::float8 + 1e-7) * 1000)::int`;
  return await db
    .select({
      thousandth: sql<number | null>`${thousandth}`.as("thousandth"),
      isGuarded: sql<boolean>`${cacheLookups.guard} is not null`.as("is_guarded"),
      lookups: sql`count(*)`.mapWith(Number),
      hits: sql`count(*) filter (where ${cacheLookups.hit})`.mapWith(Number),
      oldest: sql<Date>`min(${cacheLookups.createdAt})`.mapWith(cacheLookups.createdAt),
    })
    .from(cacheLookups)
    .where(lookupsWithin(params.scope, params.since))
    .groupBy(sql`1`, sql`2`);
}

/** Look-ups that no guard stopped, with their questions, nearest to `below` first. */
export async function listNearMisses(
  db: Db,
  params: { since: Date; from: number; below: number; limit: number },
) {
  const { bestSimilarity: similarity } = cacheLookups;
  return await db
    .select({
      id: cacheLookups.id,
      similarity,
      modelAsked: cacheLookups.modelAsked,
      keyVersion: cacheLookups.keyVersion,
      wrappedKey: cacheLookups.wrappedKey,
      box: cacheLookups.box,
    })
    .from(cacheLookups)
    .where(
      and(
        lookupsWithin({ all: true }, params.since),
        sql`${similarity} >= ${params.from}::real and ${similarity} < ${params.below}::real`,
        sql`${cacheLookups.guard} is null`,
        isNotNull(cacheLookups.box),
      ),
    )
    .orderBy(sql`${similarity} desc`, cacheLookups.id)
    .limit(params.limit);
}
