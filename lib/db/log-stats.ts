import { and, type SQL, sql } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { Outcome } from "#lib/contract/record.ts";
import type { Db } from "./client.ts";
import { type LogWhere, logWhere } from "./log-where.ts";

export interface BucketCount {
  /** Place of the bucket: 0 for `[bounds[0], bounds[1])`. */
  bucket: number;
  outcome: Outcome;
  requests: number;
}

/** Rows per bucket and outcome; empty buckets are left out. `where` holds the outermost bounds. */
export async function countLogsOverTime(
  db: Db,
  params: { where: LogWhere; bounds: readonly Date[] },
): Promise<BucketCount[]> {
  const bounds = `{${params.bounds.map((bound) => `"${bound.toISOString()}"`).join(",")}}`;
  const bucket = sql`width_bucket(${requestLogs.createdAt}, ${bounds}::timestamptz[])`;
  return await db
    .select({
      bucket: sql`${bucket} - 1`.mapWith(Number).as("bucket"),
      outcome: requestLogs.outcome,
      requests: sql`count(*)`.mapWith(Number),
    })
    .from(requestLogs)
    .where(logWhere(params.where))
    .groupBy(sql`1`, requestLogs.outcome);
}

/** What rows may be counted by. */
const FACETS = {
  outcome: sql`${requestLogs.outcome} || ' ' || coalesce(${requestLogs.errorCode}, '')`,
  code: sql`${requestLogs.status}::text`,
  error: sql`${requestLogs.errorCode}`,
  model: sql`coalesce(${requestLogs.model}, ${requestLogs.modelAsked})`,
  asked: sql`${requestLogs.modelAsked}`,
  dep: sql`${requestLogs.deploymentName}`,
  provider: sql`${requestLogs.provider}`,
  team: sql`${requestLogs.teamId}::text`,
  key: sql`${requestLogs.keyId}::text`,
  user: sql`${requestLogs.userId}::text`,
  endpoint: sql`${requestLogs.endpoint}`,
  cache: sql`${requestLogs.cacheResult}`,
  guard: sql`${requestLogs.guardrailResult}`,
  stream: sql`${requestLogs.stream}::text`,
  fallback: sql`(${requestLogs.attemptCount} > 1)::text`,
} as const satisfies Record<string, SQL>;

export type LogFacet = keyof typeof FACETS;

/** The commonest values of a property with their counts; rows without it are left out. */
export async function countLogsBy(
  db: Db,
  params: { where: LogWhere; facet: LogFacet; limit: number },
): Promise<{ value: string; requests: number }[]> {
  const value = FACETS[params.facet];
  return await db
    .select({
      value: sql<string>`${value}`.as("value"),
      requests: sql`count(*)`.mapWith(Number).as("requests"),
    })
    .from(requestLogs)
    .where(and(logWhere(params.where), sql`${value} is not null`))
    .groupBy(sql`1`)
    .orderBy(sql`2 desc, 1`)
    .limit(params.limit);
}

/** Whether any row is within reach, of whatever time. */
export async function hasLogs(db: Db, where: LogWhere): Promise<boolean> {
  const [row] = await db
    .select({ id: requestLogs.id })
    .from(requestLogs)
    .where(logWhere(where))
    .limit(1);
  return row !== undefined;
}

/** How many rows match, counted up to `most`. */
export async function countLogs(
  db: Db,
  params: { where: LogWhere; most: number },
): Promise<number> {
  const rows = db
    .select({ one: sql`1`.as("one") })
    .from(requestLogs)
    .where(logWhere(params.where))
    .limit(params.most)
    .as("matching");
  const [row] = await db.select({ count: sql`count(*)`.mapWith(Number) }).from(rows);
  return row?.count ?? 0;
}
