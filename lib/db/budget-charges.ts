import type { Sql, TransactionSql } from "./client.ts";

/** A part of a statement. */
export type SqlFragment = ReturnType<Sql | TransactionSql>;

/**
 * A statement that adds costs to `budgets.spent_nanos`, alone or inside a larger one. `charges` is a
 * query for `budget_id`, `day` (a UTC midnight) and `nanos`. A charge of a later window than the
 * budget's begins that window with nothing spent; one of an earlier window belongs to the past and
 * is left out. A `total` budget has one window, which never ends. Budgets are locked in the order of
 * their ids, as every statement does that locks several.
 */
export function chargeBudgets(sql: Sql | TransactionSql, charges: SqlFragment): SqlFragment {
  return sql`
    with charge as materialized (
      ${charges}
    ), locked as materialized (
      select id, period, spent_nanos, window_start from budgets
      where id in (select budget_id from charge)
      order by id for update
    ), dated as materialized (
      select
        id, spent_nanos, nanos,
        case period when 'total' then window_start
          else date_trunc(period, window_start, 'UTC') end as budget_window,
        case period when 'total' then window_start
          else date_trunc(period, day, 'UTC') end as charge_window
      from locked join charge on charge.budget_id = locked.id
    ), latest as (
      select
        id, spent_nanos, budget_window,
        greatest(budget_window, max(charge_window)) as current_window
      from dated group by id, spent_nanos, budget_window
    )
    update budgets set
      spent_nanos = case when current_window > budget_window then 0 else latest.spent_nanos end + (
        select coalesce(sum(nanos), 0) from dated
        where dated.id = latest.id and charge_window = current_window
      ),
      window_start =
        case when current_window > budget_window then current_window else window_start end,
      updated_at = now()
    from latest where budgets.id = latest.id`;
}
