import type { LogFilter } from "#lib/contract/log-filter.ts";
import {
  type LogCursor,
  type LogDirection,
  type LogListPage,
  type LogNeighbours,
  type LogSort,
  MAX_NEW,
  MAX_SORT_RANGE_MS,
  writeCursor,
} from "#lib/contract/log-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { hasLogs } from "#lib/db/log-stats.ts";
import type { LogWhere } from "#lib/db/log-where.ts";
import {
  countNewerLogs,
  getRequestLog,
  listRequestLogs,
  type RequestLogRow,
} from "#lib/db/request-logs-read.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { whereOfFilter } from "./log-where.ts";
import { logInfosOf } from "./request-log-view.ts";

/** A list of requests: which, in what order, and where its page begins. */
export interface LogListQuery {
  filter: LogFilter;
  from: Date;
  to: Date;
  sort: LogSort;
  direction: LogDirection;
  size: number;
  cursor?: LogCursor | undefined;
  /** Names this list in its cursors. */
  mark: string;
}

/**
 * One page of the list. Pages go both ways, and all but the first hold on to the newest row that
 * the first one showed, so that nothing moves between them while new rows arrive.
 */
export async function showLogList(actor: Actor, query: LogListQuery): Promise<LogListPage> {
  assertSortable(query);
  const db = getDb("console");
  const where = await whereOfFilter(db, actor, query);
  const { rows, hasMore } = await readPage(db, where, query);
  const cursorsOf = edgesOf(query, rows, hasMore);
  return {
    logs: await logInfosOf(db, rows),
    ...cursorsOf,
    new_count:
      query.cursor === undefined
        ? 0
        : await countNewerLogs(db, { where, id: query.cursor.pin, most: MAX_NEW }),
  };
}

/** Throws `invalid_value` when a range is too long to be ordered by anything but time. */
function assertSortable({ sort, from, to }: Pick<LogListQuery, "sort" | "from" | "to">): void {
  if (sort !== "time" && to.getTime() - from.getTime() > MAX_SORT_RANGE_MS) {
    throw new ConduitError("invalid_value", {
      message: `'sort' may be ${sort} only for a range of up to 24 hours.`,
      param: "sort",
    });
  }
}

async function readPage(
  db: Db,
  where: LogWhere,
  { sort, direction, size, cursor }: LogListQuery,
): Promise<{ rows: RequestLogRow[]; hasMore: boolean }> {
  const isBackwards = cursor?.to === "newer";
  const read = await listRequestLogs(db, {
    where,
    limit: size,
    order: sort,
    ascending: (direction === "asc") !== isBackwards,
    after: cursor === undefined ? undefined : { id: cursor.id, value: cursor.value },
    notAfterId: cursor?.pin,
  });
  const rows = read.slice(0, size);
  return { rows: isBackwards ? rows.toReversed() : rows, hasMore: read.length > size };
}

function edgesOf(
  { sort, cursor, mark }: LogListQuery,
  rows: readonly RequestLogRow[],
  hasMore: boolean,
): Pick<LogListPage, "older" | "newer"> {
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) {
    return { older: null, newer: null };
  }
  const isBackwards = cursor?.to === "newer";
  // A list by cost has its newest row anywhere, so that there the present is the bound.
  const pin = cursor?.pin ?? (sort === "time" ? first.id : newId());
  const edge = (to: LogCursor["to"], row: RequestLogRow) =>
    writeCursor({ to, list: mark, id: row.id, pin, ...sortValueOf(sort, row) });
  const hasOlder = isBackwards || hasMore;
  const hasNewer = isBackwards ? hasMore : cursor !== undefined;
  return {
    older: hasOlder ? edge("older", last) : null,
    newer: hasNewer ? edge("newer", first) : null,
  };
}

function sortValueOf(sort: LogSort, row: RequestLogRow): { value?: string } {
  if (sort === "time") {
    return {};
  }
  return { value: String(sort === "cost" ? row.costNanos : row.latencyMs) };
}

/** The rows before and after one of the list: what J and K lead to, across the edges of pages. */
export async function showNeighbours(
  actor: Actor,
  query: Omit<LogListQuery, "size" | "cursor" | "mark"> & { id: string },
): Promise<LogNeighbours> {
  assertSortable(query);
  const db = getDb("console");
  const row = await getRequestLog(db, { id: query.id });
  if (row === undefined) {
    return { newer: null, older: null };
  }
  const where = await whereOfFilter(db, actor, query);
  const next = async (isBackwards: boolean) => {
    const [found] = await listRequestLogs(db, {
      where,
      limit: 1,
      order: query.sort,
      ascending: (query.direction === "asc") !== isBackwards,
      after: { id: row.id, ...sortValueOf(query.sort, row) },
    });
    return found?.id ?? null;
  };
  return { newer: await next(true), older: await next(false) };
}

/** Whether the actor can see any request at all: an empty list is then a matter of its filters. */
export async function hasAnyLogs(actor: Actor): Promise<boolean> {
  return await hasLogs(getDb("console"), { scope: scopeOf(actor, "log.read") });
}
