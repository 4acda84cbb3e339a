import { type BudgetSql, windowStarts } from "./budgets.ts";

/** One budget as a reserve has to see it. */
export interface BudgetCheck {
  id: string;
  limitNanos: bigint;
  /** Spent at least this much in the present window, whatever the row says; from a faster store. */
  knownSpentNanos: bigint;
  /** Held elsewhere, and not in the row. */
  heldElsewhereNanos: bigint;
}

export interface ReserveParams {
  requestId: string;
  estimateNanos: bigint;
  leaseMs: number;
  nowMs: number;
  budgets: readonly BudgetCheck[];
}

export type ReserveOutcome =
  | { granted: true }
  | { granted: false; budgetId: string; spentNanos: bigint; reservedNanos: bigint };

interface CheckedRow {
  id: string;
  spent: bigint;
  reserved: bigint;
  has_room: boolean;
  granted: boolean;
}

/**
 * Holds an amount in all budgets, or in none, in one statement. The rows are locked in the order of
 * their ids and judged by the values that the lock returned: reading them again in the same
 * statement would see the state before a concurrent reserve. Budgets whose row is gone limit nothing.
 * A request that holds something already is granted again without effect.
 */
export async function reserveInDatabase(
  sql: BudgetSql,
  params: ReserveParams,
): Promise<ReserveOutcome> {
  const estimate = String(params.estimateNanos);
  const rows = await sql<CheckedRow[]>`
    with ${judged(sql, params, estimate)},
    granted as (
      select not exists (select from judged where not has_room) as yes
    ), held as (
      insert into budget_reservations (request_id, budget_ids, estimate_nanos, state, expires_at)
      select
        ${params.requestId}::uuid, array(select id from judged), ${estimate}::text::bigint, 'open',
        now() + ${params.leaseMs}::float8 * interval '1 millisecond'
      from granted where yes
      on conflict (request_id) do nothing
      returning request_id
    ), ${raised(sql, estimate)}
    select id, spent, reserved, has_room, (select yes from granted) as granted
    from judged order by has_room, id`;
  return outcomeOf(rows);
}

/** Raises what a request holds to a new total, in all of its budgets or in none. */
export async function topUpInDatabase(
  sql: BudgetSql,
  params: ReserveParams,
): Promise<ReserveOutcome> {
  const total = String(params.estimateNanos);
  const rows = await sql<CheckedRow[]>`
    with own as materialized (
      select request_id, estimate_nanos from budget_reservations
      where request_id = ${params.requestId}::uuid and state = 'open' for update
    ), more as materialized (
      select greatest(0, ${total}::text::bigint - estimate_nanos) as nanos from own
    ), ${judged(sql, params, sql`(select nanos from more)`)},
    granted as (
      select exists (select from own) and not exists (select from judged where not has_room) as yes
    ), held as (
      update budget_reservations set estimate_nanos = own.estimate_nanos + more.nanos
      from own, more, granted
      where budget_reservations.request_id = own.request_id and granted.yes
      returning budget_reservations.request_id
    ), ${raised(sql, sql`(select nanos from more)`)}
    select id, spent, reserved, has_room, (select yes from granted) as granted
    from judged order by has_room, id`;
  return outcomeOf(rows);
}

type Fragment = ReturnType<BudgetSql>;

function judged(sql: BudgetSql, params: ReserveParams, amount: string | Fragment) {
  const wanted = params.budgets.map((budget) => ({
    id: budget.id,
    limit_nanos: String(budget.limitNanos),
    known_spent: String(budget.knownSpentNanos),
    held_elsewhere: String(budget.heldElsewhereNanos),
  }));
  return sql`
    wanted as materialized (
      select * from json_to_recordset(${JSON.stringify(wanted)}::text::json)
        as row (id uuid, limit_nanos bigint, known_spent bigint, held_elsewhere bigint)
    ), locked as materialized (
      select
        id, spent_nanos, reserved_nanos, window_start,
        (${windowStarts(params.nowMs)}::text::json ->> period)::timestamptz as starts_at
      from budgets where id in (select id from wanted)
      order by id for update
    ), judged as materialized (
      select
        seen.*, amount.nanos as amount,
        amount.nanos = 0 or seen.spent + seen.reserved + amount.nanos <= seen.limit_nanos as has_room
      from (
        select
          locked.id, locked.starts_at, wanted.limit_nanos,
          greatest(wanted.known_spent, case
            when locked.window_start < locked.starts_at then 0 else locked.spent_nanos end) as spent,
          locked.reserved_nanos + wanted.held_elsewhere as reserved
        from locked join wanted using (id)
      ) as seen, (select ${amount}::text::bigint as nanos) as amount
    )`;
}

function raised(sql: BudgetSql, amount: string | Fragment) {
  return sql`
    raised as (
      update budgets set
        reserved_nanos = budgets.reserved_nanos + ${amount}::text::bigint,
        spent_nanos = case
          when budgets.window_start < judged.starts_at then 0 else budgets.spent_nanos end,
        window_start = greatest(budgets.window_start, judged.starts_at),
        updated_at = now()
      from judged, held where budgets.id = judged.id
      returning budgets.id
    )`;
}

function outcomeOf(rows: readonly CheckedRow[]): ReserveOutcome {
  const [first] = rows;
  if (first === undefined || first.granted) {
    return { granted: true };
  }
  return {
    granted: false,
    budgetId: first.id,
    spentNanos: first.spent,
    reservedNanos: first.reserved,
  };
}
