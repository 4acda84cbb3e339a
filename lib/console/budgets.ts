import type { BudgetInfo, BudgetQuery } from "#lib/contract/budget.ts";
import { type BudgetRow, listBudgets } from "#lib/db/budgets-list.ts";
import { getDb } from "#lib/db/client.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { type LiveBudget, raiseOf, readLiveBudgets, resetsAt } from "./budget-view.ts";

/** The money limits that an actor may see, with what has been spent of each. */
export async function showBudgets(
  actor: Actor,
  query: BudgetQuery,
): Promise<{ budgets: BudgetInfo[]; total: number }> {
  const { rows, total } = await listBudgets(getDb("console"), {
    scope: scopeOf(actor, "budget.read"),
    limit: query.limit,
    offset: query.offset,
    subject: query.subject,
    subjectId: query.subject_id,
  });
  const live = await readLiveBudgets(rows);
  return { budgets: rows.map((row) => infoOf(row, live(row))), total };
}

function infoOf(row: BudgetRow & { subjectName: string }, live: LiveBudget): BudgetInfo {
  const limitNanos = row.limitNanos ?? 0n;
  const raiseNanos = raiseOf(row);
  const left = limitNanos + raiseNanos - live.spentNanos - live.reservedNanos;
  return {
    id: row.id,
    subject: row.subject,
    subject_id: row.subjectId,
    subject_name: row.subjectName,
    period: row.period,
    limit_usd: formatUsd(limitNanos),
    raise_usd: raiseNanos === 0n ? null : formatUsd(raiseNanos),
    spent_usd: formatUsd(live.spentNanos),
    reserved_usd: formatUsd(live.reservedNanos),
    remaining_usd: formatUsd(left > 0n ? left : 0n),
    soft_limit_percent: row.softLimitPercent,
    resets_at: resetsAt(row.period),
  };
}
