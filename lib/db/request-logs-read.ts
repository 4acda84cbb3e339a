import { and, asc, desc, eq, gt, gte, inArray, lt, lte, ne, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { requestAttempts } from "#drizzle/schema/request-attempts.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { Outcome } from "#lib/contract/record.ts";
import { idTimeMs } from "#lib/ids.ts";
import type { Db } from "./client.ts";

export type RequestLogRow = typeof requestLogs.$inferSelect;
export type RequestAttemptRow = typeof requestAttempts.$inferSelect;

export interface RequestLogFilter {
  limit: number;
  /** The id of the row that the page before ended with. */
  cursor?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  requestId?: string | undefined;
  keyIds?: readonly string[] | undefined;
  userIds?: readonly string[] | undefined;
  teamIds?: readonly string[] | undefined;
  models?: readonly string[] | undefined;
  aliases?: readonly string[] | undefined;
  providers?: readonly string[] | undefined;
  deploymentIds?: readonly string[] | undefined;
  /** Names of deployments that are no more; matched beside the ids. */
  deploymentNames?: readonly string[] | undefined;
  outcomes?: readonly Outcome[] | undefined;
  status?: number | undefined;
  errorCodes?: readonly string[] | undefined;
  stream?: boolean | undefined;
  fallback?: boolean | undefined;
  unpriced?: boolean | undefined;
  session?: string | undefined;
  tag?: { name: string; value: string } | undefined;
  minLatencyMs?: number | undefined;
  minTtftMs?: number | undefined;
  minCostNanos?: bigint | undefined;
}

/**
 * Log rows, newest first: a page by keyset, which costs the same however far back it is. One row
 * more than `limit` is read, so that the caller can tell whether there is another page.
 */
export async function listRequestLogs(db: Db, filter: RequestLogFilter): Promise<RequestLogRow[]> {
  return await db
    .select()
    .from(requestLogs)
    .where(
      and(...placeOf(filter), ...ownersOf(filter), ...endingsOf(filter), ...measuresOf(filter)),
    )
    .orderBy(desc(requestLogs.createdAt), desc(requestLogs.id))
    .limit(filter.limit + 1);
}

/** When and which: `created_at` is always compared too, so that partitions can be left out. */
function placeOf({ cursor, from, to, requestId }: RequestLogFilter): (SQL | undefined)[] {
  return [
    cursor === undefined
      ? undefined
      : sql`(${requestLogs.createdAt}, ${requestLogs.id}) < (${timeOf(cursor)}::timestamptz, ${cursor}::uuid)`,
    from === undefined ? undefined : gte(requestLogs.createdAt, from),
    to === undefined ? undefined : lt(requestLogs.createdAt, to),
    requestId === undefined ? undefined : isRow(requestId),
  ];
}

function isRow(id: string): SQL | undefined {
  return and(eq(requestLogs.createdAt, new Date(idTimeMs(id))), eq(requestLogs.id, id));
}

function timeOf(id: string): string {
  return new Date(idTimeMs(id)).toISOString();
}

function anyOf<Value>(column: PgColumn, values: readonly Value[] | undefined): SQL | undefined {
  return values === undefined ? undefined : inArray(column, [...values]);
}

function ownersOf(filter: RequestLogFilter): (SQL | undefined)[] {
  return [
    anyOf(requestLogs.keyId, filter.keyIds),
    anyOf(requestLogs.userId, filter.userIds),
    anyOf(requestLogs.teamId, filter.teamIds),
    anyOf(requestLogs.modelAsked, filter.models),
    anyOf(requestLogs.alias, filter.aliases),
    anyOf(requestLogs.provider, filter.providers),
    or(
      anyOf(requestLogs.deploymentId, filter.deploymentIds),
      anyOf(requestLogs.deploymentName, filter.deploymentNames),
    ),
  ];
}

function endingsOf(filter: RequestLogFilter): (SQL | undefined)[] {
  const { status, stream, fallback, unpriced } = filter;
  return [
    anyOf(requestLogs.outcome, filter.outcomes),
    anyOf(requestLogs.errorCode, filter.errorCodes),
    status === undefined ? undefined : eq(requestLogs.status, status),
    stream === undefined ? undefined : eq(requestLogs.stream, stream),
    fallback === undefined ? undefined : (fallback ? gt : lte)(requestLogs.attemptCount, 1),
    unpriced === undefined ? undefined : (unpriced ? eq : ne)(requestLogs.priceState, "unpriced"),
  ];
}

function measuresOf(filter: RequestLogFilter): (SQL | undefined)[] {
  const { session, tag, minLatencyMs, minTtftMs, minCostNanos } = filter;
  return [
    session === undefined ? undefined : eq(requestLogs.session, session),
    tag === undefined ? undefined : hasTag(tag),
    minLatencyMs === undefined ? undefined : gte(requestLogs.latencyMs, minLatencyMs),
    minTtftMs === undefined ? undefined : gte(requestLogs.ttftMs, minTtftMs),
    minCostNanos === undefined ? undefined : gte(requestLogs.costNanos, minCostNanos),
  ];
}

/** The second condition follows from the first, but only with it is the partial index used. */
function hasTag({ name, value }: { name: string; value: string }): SQL {
  const wanted = JSON.stringify(Object.fromEntries([[name, value]]));
  return sql`(${requestLogs.tags} @> ${wanted}::jsonb and ${requestLogs.tags} <> '{}'::jsonb)`;
}

export async function getRequestLog(
  db: Db,
  params: { id: string },
): Promise<RequestLogRow | undefined> {
  const [row] = await db.select().from(requestLogs).where(isRow(params.id));
  return row;
}

/** The attempts of a request, in order. */
export async function listAttempts(
  db: Db,
  params: { requestId: string },
): Promise<RequestAttemptRow[]> {
  return await db
    .select()
    .from(requestAttempts)
    .where(
      and(
        eq(requestAttempts.createdAt, new Date(idTimeMs(params.requestId))),
        eq(requestAttempts.requestId, params.requestId),
      ),
    )
    .orderBy(asc(requestAttempts.position));
}
