import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { requestAttempts } from "#drizzle/schema/request-attempts.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { idTimeMs } from "#lib/ids.ts";
import type { Db } from "./client.ts";
import { isRow, type LogWhere, logWhere } from "./log-where.ts";

export type RequestLogRow = typeof requestLogs.$inferSelect;
export type RequestAttemptRow = typeof requestAttempts.$inferSelect;

/** What a list is ordered by. `cost` and `latency` have no index: give them a short range. */
export type LogOrder = "time" | "cost" | "latency";

/** The place of a row in an order: its id, and its value in `cost` and `latency`. */
export interface LogPlace {
  id: string;
  value?: string | undefined;
}

export interface LogPage {
  where: LogWhere;
  limit: number;
  order?: LogOrder | undefined;
  ascending?: boolean | undefined;
  /** Rows that come after this place in the order. */
  after?: LogPlace | undefined;
  /** No row that is newer than this one. */
  notAfterId?: string | undefined;
}

const VALUES = { cost: requestLogs.costNanos, latency: requestLogs.latencyMs } as const;

/**
 * Log rows by keyset, newest first unless told otherwise: a page costs the same however far back it
 * is. One row more than `limit` is read, so that the caller can tell whether there is another page.
 */
export async function listRequestLogs(db: Db, page: LogPage): Promise<RequestLogRow[]> {
  const direction = page.ascending === true ? asc : desc;
  const terms = [requestLogs.createdAt, requestLogs.id] as const;
  const order = page.order ?? "time";
  return await db
    .select()
    .from(requestLogs)
    .where(and(logWhere(page.where), beyond(page), upTo(page.notAfterId)))
    .orderBy(
      ...(order === "time" ? [] : [direction(VALUES[order])]),
      ...terms.map((term) => direction(term)),
    )
    .limit(page.limit + 1);
}

function beyond({ order = "time", after, ascending }: LogPage): SQL | undefined {
  if (after === undefined) {
    return undefined;
  }
  const sign = sql.raw(ascending === true ? ">" : "<");
  const at = sql`${timeOf(after.id)}::timestamptz, ${after.id}::uuid`;
  if (order === "time") {
    return sql`(${requestLogs.createdAt}, ${requestLogs.id}) ${sign} (${at})`;
  }
  const type = sql.raw(order === "cost" ? "bigint" : "real");
  return sql`(${VALUES[order]}, ${requestLogs.createdAt}, ${requestLogs.id}) ${sign} (${after.value ?? "0"}::${type}, ${at})`;
}

function upTo(id: string | undefined): SQL | undefined {
  return id === undefined
    ? undefined
    : sql`(${requestLogs.createdAt}, ${requestLogs.id}) <= (${timeOf(id)}::timestamptz, ${id}::uuid)`;
}

function timeOf(id: string): string {
  return new Date(idTimeMs(id)).toISOString();
}

/** How many rows are newer than one of them, counted up to `most`. */
export async function countNewerLogs(
  db: Db,
  params: { where: LogWhere; id: string; most: number },
): Promise<number> {
  const newer = sql`(${requestLogs.createdAt}, ${requestLogs.id}) > (${timeOf(params.id)}::timestamptz, ${params.id}::uuid)`;
  const rows = db
    .select({ one: sql`1`.as("one") })
    .from(requestLogs)
    .where(and(logWhere(params.where), newer))
    .limit(params.most)
    .as("newer");
  const [row] = await db.select({ count: sql`count(*)`.mapWith(Number) }).from(rows);
  return row?.count ?? 0;
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
