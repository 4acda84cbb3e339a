import { writeLogFilter } from "#lib/contract/log-filter.ts";
import type { UsageRow } from "#lib/contract/usage-report.ts";
import { groupLabel, type UsageGroupId } from "#lib/contract/usage-view.ts";
import type { Actor } from "./actor.ts";
import { type CsvCell, csvLine } from "./csv.ts";
import { recordEvent } from "./record-event.ts";
import { showUsageTable, type TableQuery } from "./usage-table.ts";

const MAX_ROWS = 10_000;
/** Spreadsheets read a file as UTF-8 only when it says so. */
const BYTE_ORDER_MARK = "\uFEFF";

const COLUMNS: readonly { name: string; read: (row: UsageRow) => CsvCell }[] = [
  { name: "requests", read: (row) => row.requests },
  { name: "input_tokens", read: (row) => row.input_tokens },
  { name: "cached_tokens", read: (row) => row.cached_tokens },
  { name: "output_tokens", read: (row) => row.output_tokens },
  { name: "reasoning_tokens", read: (row) => row.reasoning_tokens },
  { name: "spend_usd", read: (row) => row.spend_usd },
  { name: "unpriced_requests", read: (row) => row.unpriced_requests },
  { name: "cost_per_request_usd", read: (row) => row.cost_per_request_usd },
  { name: "error_rate", read: (row) => row.error_rate },
  { name: "latency_p95_ms", read: (row) => row.latency_p95_ms },
];

/**
 * The table of usage as a CSV file: a row a group, then the row of everything. Who exported what is
 * in the audit log before the first byte leaves.
 */
export async function exportUsage(actor: Actor, query: TableQuery): Promise<Response> {
  const table = await showUsageTable(actor, { ...query, compare: false }, MAX_ROWS);
  const { fromMs, toMs } = query.interval;
  await recordEvent(actor, {
    action: "usage.exported",
    targetType: "usage",
    targetId: null,
    after: {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      filter: writeLogFilter(query.filter),
      groups: table.groups,
      rows: table.rows.length,
    },
  });
  const head = [...table.groups.flatMap(headOf), ...COLUMNS.map(({ name }) => name)];
  const rows = table.rows.map((row) => [...row.groups.flatMap(cellsOf), ...figuresOf(row)]);
  const total = [...table.groups.flatMap(() => ["", "Total"]), ...figuresOf(table.totals)];
  const body = BYTE_ORDER_MARK + [head, ...rows, total].map(csvLine).join("");
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName(query)}"`,
    },
  });
}

const headOf = (group: UsageGroupId): string[] => [group, groupLabel(group)];
const cellsOf = ({ value, name }: UsageRow["groups"][number]): CsvCell[] => [value, name];
const figuresOf = (row: UsageRow): CsvCell[] => COLUMNS.map(({ read }) => read(row));

function fileName({ interval: { fromMs, toMs } }: TableQuery): string {
  const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace(":", "");
  return `conduit-usage_${stamp(fromMs)}_${stamp(toMs)}.csv`;
}
