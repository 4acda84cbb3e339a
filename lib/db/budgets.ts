import type postgres from "postgres";
import { sharedNow } from "#lib/clock.ts";
import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";

/** The driver on a pool, or inside a transaction. */
export type BudgetSql = postgres.ISql<{ bigint: bigint }>;

/** A budget as the database knows it, in the window that `windowStart` began. */
export interface BudgetRow {
  id: string;
  period: BudgetPeriod;
  spentNanos: bigint;
  /** Held by open reservations in the database; holds in memory or Redis are not among them. */
  reservedNanos: bigint;
  windowStartMs: number;
}

/** Reads budgets by id; ids without a row are left out. */
export async function listBudgetsById(
  sql: BudgetSql,
  ids: readonly string[],
): Promise<BudgetRow[]> {
  return await sql<BudgetRow[]>`
    select
      id, period, spent_nanos as "spentNanos", reserved_nanos as "reservedNanos",
      floor(extract(epoch from window_start) * 1000)::float8 as "windowStartMs"
    from budgets where id in (select value::uuid from json_array_elements_text(${JSON.stringify(ids)}::text::json))`;
}

/**
 * When the present window of each period began, as a JSON object for SQL. The database compares
 * these with `window_start` and so needs no calendar of its own.
 */
export function windowStarts(nowMs: number): string {
  const start = (period: BudgetPeriod) => new Date(windowStartMs(period, nowMs)).toISOString();
  return JSON.stringify({
    total: start("total"),
    day: start("day"),
    week: start("week"),
    month: start("month"),
  });
}

export interface Settlement {
  requestId: string;
  /** Nano-dollars; a decimal string where it comes out of JSON. */
  costNanos: bigint | string;
}

/**
 * Settles reservations whose `ReservationRecord.store` is `postgres`, inside the transaction that
 * writes the log rows. The contract:
 *
 * - Only a reservation that is `open` or `expired` is touched, and becomes `settled` with its
 *   `actual_nanos`; settling twice, or settling a released one, changes nothing.
 * - Each of its budgets: `reserved_nanos` loses the estimate and `spent_nanos` gains the cost. Of an
 *   `expired` one the reaper has already spent the estimate, so `spent_nanos` gains the difference.
 * - A budget whose window has ended begins the present one first, with nothing spent.
 * - These rows must not be charged in any other way: their cost is added here.
 *
 * Reservations are locked in the order of their request ids, then budgets in the order of theirs.
 */
export async function settleReservations(
  tx: BudgetSql,
  settlements: readonly Settlement[],
  nowMs: number = sharedNow(),
): Promise<void> {
  const given = settlements.map(({ requestId, costNanos }) => ({
    request_id: requestId,
    cost: String(costNanos),
  }));
  await tx`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(given)}::text::json)
        as row (request_id uuid, cost bigint)
    ), ended as materialized (
      select request_id, budget_ids, estimate_nanos, state, expires_at from budget_reservations
      where request_id in (select request_id from given) and state in ('open', 'expired')
      order by request_id for update
    ), closed as (
      update budget_reservations set state = 'settled', actual_nanos = given.cost
      from ended join given using (request_id)
      where budget_reservations.request_id = ended.request_id
    ), ${applyEnded(tx, nowMs)}
    select count(*) from applied`;
}

/** Lets go of what a request holds, unspent: it was refused after it had been admitted. */
export async function releaseReservation(
  sql: BudgetSql,
  requestId: string,
  nowMs: number = sharedNow(),
): Promise<void> {
  await sql`
    with ended as materialized (
      select request_id, budget_ids, estimate_nanos, state, expires_at from budget_reservations
      where request_id = ${requestId}::uuid and state in ('open', 'expired') for update
    ), given as (
      select request_id, 0::bigint as cost from ended
    ), closed as (
      update budget_reservations set state = 'released', actual_nanos = 0
      from ended where budget_reservations.request_id = ended.request_id
    ), ${applyEnded(sql, nowMs)}
    select count(*) from applied`;
}

/**
 * Charges open reservations whose lease has ended at their estimate and flags them `expired`: the
 * process that made them is gone, and the upstream may have billed. A settlement that comes late
 * corrects them. Returns how many there were, 500 at most.
 */
export async function expireReservations(
  sql: BudgetSql,
  nowMs: number = sharedNow(),
): Promise<number> {
  const expired = await sql`
    with ended as materialized (
      select request_id, budget_ids, estimate_nanos, state, expires_at from budget_reservations
      where state = 'open' and expires_at <= now()
      order by request_id limit 500 for update skip locked
    ), given as (
      select request_id, estimate_nanos as cost from ended
    ), closed as (
      update budget_reservations set state = 'expired'
      from ended where budget_reservations.request_id = ended.request_id
      returning budget_reservations.request_id
    ), ${applyEnded(sql, nowMs)}
    select request_id from closed`;
  return expired.length;
}

/**
 * Removes reservations that ended long enough ago that nothing refers to them any more. Those that
 * were charged and never settled stay: they alone tell why a budget has spent more than its rows.
 */
export async function pruneReservations(sql: BudgetSql, olderThanMs: number): Promise<void> {
  await sql`
    delete from budget_reservations
    where state in ('settled', 'released') and expires_at < now() - ${olderThanMs}::float8 * interval '1 millisecond'`;
}

/**
 * Completes each statement above: moves amounts from held to spent for the reservations in `ended`
 * at the costs in `given`. An estimate that was charged in a window that is over stays charged there.
 */
function applyEnded(sql: BudgetSql, nowMs: number) {
  return sql`
    locked as materialized (
      select id, (${windowStarts(nowMs)}::text::json ->> period)::timestamptz as starts_at
      from budgets
      where id in (select unnest(budget_ids) from ended)
      order by id for update
    ), moved as (
      select
        locked.id, locked.starts_at,
        sum(case ended.state when 'open' then ended.estimate_nanos else 0 end) as freed,
        sum(case
          when ended.state = 'open' then given.cost
          when ended.expires_at >= locked.starts_at then given.cost - ended.estimate_nanos
          else 0 end) as spent
      from locked
      join ended on locked.id = any(ended.budget_ids)
      join given using (request_id)
      group by locked.id, locked.starts_at
    ), applied as (
      update budgets set
        reserved_nanos = greatest(0, budgets.reserved_nanos - moved.freed),
        spent_nanos = greatest(0, moved.spent + case
          when budgets.window_start < moved.starts_at then 0 else budgets.spent_nanos end),
        window_start = greatest(budgets.window_start, moved.starts_at),
        updated_at = now()
      from moved where budgets.id = moved.id
      returning budgets.id
    )`;
}
