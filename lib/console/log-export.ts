import {
  EXPORT_CUT_HEADER,
  type LogExportPlan,
  MAX_EXPORT_ROWS,
} from "#lib/contract/log-export.ts";
import { type LogFilter, writeLogFilter } from "#lib/contract/log-filter.ts";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { wallTimeOf } from "#lib/contract/time-zone.ts";
import { getDb } from "#lib/db/client.ts";
import { countLogs } from "#lib/db/log-stats.ts";
import type { LogWhere } from "#lib/db/log-where.ts";
import { listRequestLogs } from "#lib/db/request-logs-read.ts";
import type { Actor } from "./actor.ts";
import { csvLine } from "./csv.ts";
import { CSV_COLUMNS } from "./log-export-columns.ts";
import { whereOfFilter } from "./log-where.ts";
import { recordEvent } from "./record-event.ts";
import { logInfosOf } from "./request-log-view.ts";
import { streamText } from "./text-stream.ts";

export interface LogExportQuery {
  filter: LogFilter;
  from: Date;
  to: Date;
}

const PAGE_ROWS = 1000;
/** Spreadsheets read a file as UTF-8 only when it says so. */
const BYTE_ORDER_MARK = "\uFEFF";

/** How much an export would hold. */
export async function planLogExport(actor: Actor, query: LogExportQuery): Promise<LogExportPlan> {
  const db = getDb("console");
  const where = await whereOfFilter(db, actor, query);
  const found = await countLogs(db, { where, most: MAX_EXPORT_ROWS + 1 });
  return { rows: Math.min(found, MAX_EXPORT_ROWS), isCut: found > MAX_EXPORT_ROWS };
}

/**
 * The requests of a filter as a CSV file, newest first, read and sent page by page. Who exported
 * what is in the audit log before the first byte leaves.
 */
export async function exportLogs(
  actor: Actor,
  query: LogExportQuery & { reportingZone: string },
): Promise<Response> {
  const plan = await planLogExport(actor, query);
  await recordEvent(actor, {
    action: "logs.exported",
    targetType: "logs",
    targetId: null,
    after: {
      from: query.from.toISOString(),
      to: query.to.toISOString(),
      filter: writeLogFilter(query.filter),
      rows: plan.rows,
      is_cut: plan.isCut,
    },
  });
  const where = await whereOfFilter(getDb("console"), actor, query);
  return new Response(streamText(linesOf(where, query.reportingZone)), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName(query)}"`,
      ...(plan.isCut ? { [EXPORT_CUT_HEADER]: `more than ${MAX_EXPORT_ROWS} rows match` } : {}),
    },
  });
}

function fileName({ from, to }: LogExportQuery): string {
  const stamp = (at: Date) => at.toISOString().slice(0, 16).replace(":", "");
  return `conduit-logs_${stamp(from)}_${stamp(to)}.csv`;
}

/** Pages of lines. Each page is read only once the one before it has been taken. */
async function* linesOf(where: LogWhere, zone: string): AsyncGenerator<string> {
  const db = getDb("console");
  yield BYTE_ORDER_MARK + csvLine(CSV_COLUMNS.map(({ name }) => name));
  let after: { id: string } | undefined;
  for (let sent = 0; sent < MAX_EXPORT_ROWS; ) {
    const limit = Math.min(PAGE_ROWS, MAX_EXPORT_ROWS - sent);
    const rows = await listRequestLogs(db, { where, limit, after });
    const logs = await logInfosOf(db, rows.slice(0, limit));
    if (logs.length > 0) {
      yield logs.map((log) => lineOf(log, zone)).join("");
    }
    const last = logs.at(-1);
    if (last === undefined || rows.length <= limit) {
      return;
    }
    sent += logs.length;
    after = { id: last.id };
  }
}

function lineOf(log: RequestLogInfo, zone: string): string {
  const local = wallText(log.created_at, zone);
  return csvLine(CSV_COLUMNS.map(({ read }) => read(log, local)));
}

/** A wall clock's reading, as `2026-11-22 14:03:22`. */
function wallText(instant: string, zone: string): string {
  const wall = wallTimeOf(Date.parse(instant), zone);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${wall.year}-${two(wall.month)}-${two(wall.day)}`;
  return `${day} ${two(wall.hour)}:${two(wall.minute)}:${two(wall.second)}`;
}
