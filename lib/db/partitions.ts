import type { Sql, TransactionSql } from "./client.ts";

/** The tables that are cut into UTC days by `created_at`, each with a DEFAULT partition. */
const PARTITIONED = [
  "request_logs",
  "request_attempts",
  "request_payloads",
  "guardrail_verdicts",
] as const;
export type PartitionedTable = (typeof PARTITIONED)[number];
const DAY_MS = 86_400_000;
const DAY_SUFFIX = /^\d{8}$/;
/** Any number that nothing else in the database locks: one process at a time changes partitions. */
const PARTITION_LOCK = 6_021_023_140_859n;
/** How long log rows may wait for a change of partitions, and it for them, before it is given up. */
const LOCK_WAIT = "5s";

/**
 * Makes the partitions of today and of the next `daysAhead` days (UTC); returns the names of new
 * ones. Rows that were written before their day had a partition are moved into it. Run it at the
 * start and once a day; when it has not run, rows go to the DEFAULT partition and are found there.
 */
export async function ensurePartitions(
  sql: Sql,
  options: { daysAhead: number; nowMs?: number },
): Promise<string[]> {
  const todayMs = dayStartMs(options.nowMs ?? Date.now());
  const made: string[] = [];
  for (const table of PARTITIONED) {
    const known = new Set(await listPartitions(sql, table));
    for (let day = 0; day <= options.daysAhead; day += 1) {
      const startMs = todayMs + day * DAY_MS;
      const name = partitionName(table, startMs);
      if (!known.has(name) && (await makePartition(sql, { table, name, startMs }))) {
        made.push(name);
      }
    }
  }
  return made;
}

export interface Removed {
  /** The names of dropped partitions. */
  dropped: string[];
  /** Rows that were deleted one by one, from the DEFAULT partitions. */
  deletedRows: number;
}

/**
 * Drops the partitions whose day ended before the last `days` days of their table, and deletes rows
 * as old from the DEFAULT partitions.
 */
export async function dropPartitionsOlderThan(
  sql: Sql,
  options: { days: Readonly<Record<PartitionedTable, number>>; nowMs?: number },
): Promise<Removed> {
  const dropped: string[] = [];
  let deletedRows = 0;
  for (const table of PARTITIONED) {
    const cutoffMs = cutoffOf({ days: options.days[table], nowMs: options.nowMs });
    const oldest = partitionName(table, cutoffMs);
    for (const name of await listPartitions(sql, table)) {
      // The day is written in the name with the year first, so that names sort as days do.
      if (name < oldest) {
        await sql.begin(async (tx) => {
          await lockPartitions(tx);
          await tx`drop table if exists ${tx(name)}`;
        });
        dropped.push(name);
      }
    }
    const { count } =
      await sql`delete from ${sql(`${table}_default`)} where created_at < ${isoDay(cutoffMs)}`;
    deletedRows += count;
  }
  return { dropped, deletedRows };
}

/** Rows from before this moment are older than `days` whole UTC days. */
export function cutoffOf(options: { days: number; nowMs?: number | undefined }): number {
  return dayStartMs(options.nowMs ?? Date.now()) - options.days * DAY_MS;
}

/** When a row becomes older than `days` whole UTC days. */
export function removalOf({ days, createdAt }: { days: number; createdAt: Date }): number {
  return dayStartMs(createdAt.getTime()) + (days + 1) * DAY_MS;
}

interface DayPartition {
  table: string;
  name: string;
  startMs: number;
}

/** False when another process has made it in the meantime. */
async function makePartition(sql: Sql, partition: DayPartition): Promise<boolean> {
  const { table, name, startMs } = partition;
  return await sql.begin(async (tx) => {
    await lockPartitions(tx);
    if ((await listPartitions(tx, table)).includes(name)) {
      return false;
    }
    const from = isoDay(startMs);
    const to = isoDay(startMs + DAY_MS);
    const rest = tx(`${table}_default`);
    // Attaching fails while DEFAULT has a row of the day. Nobody may add one between the move and
    // the attachment, which would lock DEFAULT in any case, so it is locked from the start.
    await tx`lock table ${tx(table)} in share row exclusive mode`;
    await tx`lock table ${rest} in access exclusive mode`;
    await tx`create table ${tx(name)} (like ${tx(table)} including defaults including constraints)`;
    await tx`
      with moved as (
        delete from ${rest} where created_at >= ${from} and created_at < ${to} returning *
      )
      insert into ${tx(name)} select * from moved`;
    // Bounds are literals in this statement; they are computed above from a number.
    await tx.unsafe(
      `alter table "${table}" attach partition "${name}" for values from ('${from}') to ('${to}')`,
    );
    return true;
  });
}

async function lockPartitions(tx: TransactionSql): Promise<void> {
  await tx`select set_config('lock_timeout', ${LOCK_WAIT}, true)`;
  await tx`select pg_advisory_xact_lock(${PARTITION_LOCK})`;
}

/** The day partitions of a table; DEFAULT is not one. */
async function listPartitions(sql: Sql | TransactionSql, table: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select child.relname as name
    from pg_inherits join pg_class as child on child.oid = inhrelid
    where inhparent = ${table}::regclass`;
  const prefix = `${table}_`;
  return rows
    .map((row) => row.name)
    .filter((name) => name.startsWith(prefix) && DAY_SUFFIX.test(name.slice(prefix.length)))
    .sort();
}

function partitionName(table: string, dayMs: number): string {
  return `${table}_${isoDay(dayMs).slice(0, 10).replaceAll("-", "")}`;
}

function dayStartMs(ms: number): number {
  return ms - (ms % DAY_MS);
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString();
}
