import { type SQL, sql } from "drizzle-orm";
import type { BudgetPeriod, BudgetSubject } from "#lib/contract/caller.ts";
import type { Db } from "./client.ts";

/** A budget's counters beside what they have to agree with, all read at one moment. Nano-dollars. */
export interface BudgetBook {
  id: string;
  subject: BudgetSubject;
  subjectId: string;
  period: BudgetPeriod;
  /** Whether the limit was set so recently that requests from before it may still be running. */
  isYoung: boolean;
  windowStartMs: number;
  spentNanos: bigint;
  reservedNanos: bigint;
  /** What log rows of the window cost, by the hourly sums that are written with them. */
  ledgerNanos: bigint;
  /** What open reservations hold. */
  heldNanos: bigint;
  /** What was charged for requests whose lease ended and of which no row has come. */
  unsettledNanos: bigint;
}

/** No request lasts as long. */
const YOUNG_MINUTES = 20;

/**
 * Reads the budgets that changed last, at most `limit`, or the one with `id`. One statement, so that
 * rows and sums that are written together are seen together.
 */
export async function listBudgetBooks(
  db: Db,
  params: { limit: number; id?: string },
): Promise<BudgetBook[]> {
  const one = params.id === undefined ? sql`` : sql`and id = ${params.id}::uuid`;
  const rows = await db.execute(sql`
    with chosen as materialized (
      select
        id, subject, subject_id, period, spent_nanos, reserved_nanos, window_start, created_at,
        case period when 'total' then to_timestamp(0)
          else date_trunc(period, window_start, 'UTC') end as since
      from budgets
      where subject in ('key', 'user', 'team', 'organization') ${one}
      order by updated_at desc limit ${params.limit}
    ), summed as (
      ${sumBy("key", sql`key_id`)} union all ${sumBy("user", sql`user_id`)}
      union all ${sumBy("team", sql`team_id`)}
      union all
      select chosen.id, sum(cost_nanos) as nanos
      from chosen join usage_rollup_1h on bucket_start >= since
      where subject = 'organization' group by chosen.id
    ), held as (
      select
        chosen.id,
        sum(estimate_nanos) filter (where state = 'open') as open,
        sum(estimate_nanos) filter (where state = 'expired' and expires_at >= since) as expired
      from budget_reservations cross join unnest(budget_ids) as budget_id
      join chosen on chosen.id = budget_id
      where state in ('open', 'expired') group by chosen.id
    )
    select
      chosen.id, subject, subject_id, period,
      created_at > now() - ${YOUNG_MINUTES}::int * interval '1 minute' as is_young,
      floor(extract(epoch from window_start) * 1000)::float8 as window_start_ms,
      spent_nanos::text, reserved_nanos::text, coalesce(summed.nanos, 0)::text as ledger,
      coalesce(held.open, 0)::text as open, coalesce(held.expired, 0)::text as expired
    from chosen left join summed using (id) left join held using (id)`);
  return rows.map(bookOf);
}

function sumBy(subject: BudgetSubject, column: SQL): SQL {
  // Compared as text: subjects of other kinds are no uuids.
  return sql`
    select chosen.id, sum(cost_nanos) as nanos from chosen
    join usage_rollup_1h on ${column}::text = subject_id and bucket_start >= since
    where subject = ${subject} group by chosen.id`;
}

function bookOf(row: Record<string, unknown>): BudgetBook {
  const nanos = (name: string) => BigInt(String(row[name]));
  return {
    id: String(row["id"]),
    // Checked by the table's own constraints.
    subject: row["subject"] as BudgetSubject,
    subjectId: String(row["subject_id"]),
    period: row["period"] as BudgetPeriod,
    isYoung: row["is_young"] === true,
    windowStartMs: Number(row["window_start_ms"]),
    spentNanos: nanos("spent_nanos"),
    reservedNanos: nanos("reserved_nanos"),
    ledgerNanos: nanos("ledger"),
    heldNanos: nanos("open"),
    unsettledNanos: nanos("expired"),
  };
}

/** Locks a budget's row, so that nothing that counts can change it until the transaction ends. */
export async function lockBudget(tx: Db, id: string): Promise<void> {
  await tx.execute(sql`select id from budgets where id = ${id}::uuid for update`);
}

/** Takes amounts off a budget's counters, which never fall below zero. */
export async function lowerBudget(
  tx: Db,
  params: { id: string; spentNanos: bigint; reservedNanos: bigint },
): Promise<void> {
  await tx.execute(sql`
    update budgets set
      spent_nanos = greatest(0, spent_nanos - ${String(params.spentNanos)}::text::bigint),
      reserved_nanos = greatest(0, reserved_nanos - ${String(params.reservedNanos)}::text::bigint),
      updated_at = now()
    where id = ${params.id}::uuid`);
}
