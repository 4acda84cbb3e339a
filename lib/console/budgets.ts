import type { BudgetInfo, BudgetQuery } from "#lib/contract/budget.ts";
import { type BudgetRow, listBudgets } from "#lib/db/budgets-list.ts";
import { getDb } from "#lib/db/client.ts";
import { formatUsd } from "#lib/money.ts";
import { type LiveBudget, readLiveBudgets, resetsAt } from "./budget-view.ts";

/** Every money limit, with what has been spent of it. */
export async function showBudgets(
  query: BudgetQuery,
): Promise<{ budgets: BudgetInfo[]; total: number }> {
  const { rows, total } = await listBudgets(getDb("console"), {
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
  const left = limitNanos - live.spentNanos - live.reservedNanos;
  return {
    id: row.id,
    subject: row.subject,
    subject_id: row.subjectId,
    subject_name: row.subjectName,
    period: row.period,
    limit_usd: formatUsd(limitNanos),
    spent_usd: formatUsd(live.spentNanos),
    reserved_usd: formatUsd(live.reservedNanos),
    remaining_usd: formatUsd(left > 0n ? left : 0n),
    soft_limit_percent: row.softLimitPercent,
    resets_at: resetsAt(row.period),
  };
}
