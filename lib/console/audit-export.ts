import type { AuditEvent, AuditExportQuery } from "#lib/contract/audit.ts";
import { summarizeChange } from "#lib/contract/audit-summary.ts";
import {
  type AuditWhere,
  countAuditEvents,
  getLastSequence,
  listAuditEvents,
} from "#lib/db/audit-read.ts";
import { getDb } from "#lib/db/client.ts";
import type { Actor } from "./actor.ts";
import { eventsOf, whereOf } from "./audit.ts";
import { type CsvCell, csvLine } from "./csv.ts";
import { assertAllowed } from "./permission.ts";
import { recordEvent } from "./record-event.ts";
import { streamText } from "./text-stream.ts";

const PAGE_ROWS = 1000;
/** Spreadsheets read a file as UTF-8 only when it says so. */
const BYTE_ORDER_MARK = "\uFEFF";

interface Format {
  type: string;
  header: string;
  lineOf: (event: AuditEvent) => string;
}

const CSV_COLUMNS: Readonly<Record<string, (event: AuditEvent) => CsvCell>> = {
  sequence: (event) => event.sequence,
  time: (event) => event.at,
  actor_type: (event) => event.actor_type,
  actor_id: (event) => event.actor_id,
  actor: (event) => event.actor_name,
  action: (event) => event.action,
  target_type: (event) => event.target_type,
  target_id: (event) => event.target_id,
  target: (event) => event.target_name,
  team_id: (event) => event.team_id,
  change: (event) => summarizeChange(event),
  before: (event) => jsonCell(event.before),
  after: (event) => jsonCell(event.after),
  ip: (event) => event.ip,
  request_id: (event) => event.request_id,
  hash: (event) => event.hash,
};

const FORMATS: Readonly<Record<AuditExportQuery["format"], Format>> = {
  csv: {
    type: "text/csv; charset=utf-8",
    header: BYTE_ORDER_MARK + csvLine(Object.keys(CSV_COLUMNS)),
    lineOf: (event) => csvLine(Object.values(CSV_COLUMNS).map((read) => read(event))),
  },
  ndjson: {
    type: "application/x-ndjson; charset=utf-8",
    header: "",
    lineOf: (event) => `${JSON.stringify(event)}\n`,
  },
};

function jsonCell(value: Record<string, unknown> | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/**
 * The events of a filter as a file, newest first, read and sent page by page. Who exported what is
 * in the log before the first byte leaves; the file ends at the event before that one.
 */
export async function exportAudit(actor: Actor, query: AuditExportQuery): Promise<Response> {
  assertAllowed(actor.principal, "audit.export");
  const { format, ...filter } = query;
  const db = getDb("console");
  const where = { ...whereOf(actor, filter), upTo: await getLastSequence(db) };
  await recordEvent(actor, {
    action: "audit.exported",
    targetType: "audit",
    targetId: null,
    after: { format, filter: described(filter), rows: await countAuditEvents(db, where) },
  });
  return new Response(streamText(linesOf(where, FORMATS[format])), {
    headers: {
      "content-type": FORMATS[format].type,
      "content-disposition": `attachment; filename="conduit-audit_${stampOf(new Date())}.${format}"`,
    },
  });
}

function described(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    set.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}

function stampOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace(":", "");
}

/** Pages of lines. Each page is read only once the one before it has been taken. */
async function* linesOf(where: AuditWhere, { header, lineOf }: Format): AsyncGenerator<string> {
  if (header !== "") {
    yield header;
  }
  const db = getDb("console");
  let before: number | undefined;
  for (;;) {
    const rows = await listAuditEvents(db, { where, limit: PAGE_ROWS, before });
    const page = rows.slice(0, PAGE_ROWS);
    if (page.length > 0) {
      const events = await eventsOf(db, page);
      yield events.map(lineOf).join("");
    }
    if (rows.length <= PAGE_ROWS) {
      return;
    }
    before = Number(page.at(-1)?.sequence);
  }
}
