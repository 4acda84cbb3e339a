import type { Sql } from "./client.ts";

/** Tables of which the console tells how much they hold. */
export type SizedTable =
  | "request_logs"
  | "request_attempts"
  | "request_payloads"
  | "usage_rollup_15m"
  | "audit_events";

export interface TableSize {
  table: SizedTable;
  rows: number;
  /** Whether `rows` is the planner's estimate and not a count. */
  isEstimate: boolean;
  bytes: number;
  /** The first row's time; `null` for an empty table. */
  oldest: Date | null;
}

/** Up to here rows are counted; above, counting would take longer than anybody waits for a page. */
const COUNT_UP_TO = 200_000;

/** When a row of the table happened. */
const TIME_COLUMNS: Readonly<Record<SizedTable, string>> = {
  request_logs: "created_at",
  request_attempts: "created_at",
  request_payloads: "created_at",
  usage_rollup_15m: "bucket_start",
  audit_events: "created_at",
};

/** How much a table holds, all of its partitions and indexes together. */
export async function readTableSize(sql: Sql, table: SizedTable): Promise<TableSize> {
  const [sums] = await sql<{ bytes: bigint; estimate: number }[]>`
    select
      coalesce(sum(pg_total_relation_size(parts.oid)), 0)::bigint as bytes,
      coalesce(sum(greatest(parts.reltuples, 0)), 0)::float8 as estimate
    from pg_class as parts
    where parts.oid = ${table}::regclass
      or parts.oid in (select relid from pg_partition_tree(${table}::regclass))`;
  const estimate = sums?.estimate ?? 0;
  const [first] = await sql<{ oldest: Date | null }[]>`
    select min(${sql(TIME_COLUMNS[table])}) as oldest from ${sql(table)}`;
  const isEstimate = estimate > COUNT_UP_TO;
  return {
    table,
    rows: isEstimate ? Math.round(estimate) : await countRows(sql, table),
    isEstimate,
    bytes: Number(sums?.bytes ?? 0n),
    oldest: first?.oldest ?? null,
  };
}

async function countRows(sql: Sql, table: SizedTable): Promise<number> {
  const [row] = await sql<{ rows: number }[]>`
    select count(*)::float8 as rows from ${sql(table)}`;
  return row?.rows ?? 0;
}

/** How many rows a partitioned table has from before a moment. */
export async function countRowsBefore(
  sql: Sql,
  params: { table: "request_logs" | "request_payloads"; before: Date },
): Promise<number> {
  const [row] = await sql<{ rows: number }[]>`
    select count(*)::float8 as rows from ${sql(params.table)} where created_at < ${params.before}`;
  return row?.rows ?? 0;
}
