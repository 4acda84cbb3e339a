import type { BudgetUse } from "#lib/contract/budget-tree.ts";
import { windowEndMs, windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetRow } from "#lib/db/budgets-list.ts";
import { formatUsd } from "#lib/money.ts";
import { type LiveBudget, raiseOf, resetsAt } from "./budget-view.ts";

/** Before this share of a window has passed, what was spent says little about its end. */
const LEAST_ELAPSED = 0.02;

/** A limit with how much of it is used; `undefined` for a row that limits nothing. */
export function budgetUseOf(row: BudgetRow, live: LiveBudget): BudgetUse | undefined {
  if (row.limitNanos === null) {
    return undefined;
  }
  const raiseNanos = raiseOf(row);
  const mostNanos = row.limitNanos + raiseNanos;
  const left = mostNanos - live.spentNanos - live.reservedNanos;
  return {
    id: row.id,
    limit_usd: formatUsd(row.limitNanos),
    raise_usd: raiseNanos === 0n ? null : formatUsd(raiseNanos),
    period: row.period,
    soft_limit_percent: row.softLimitPercent,
    spent_usd: formatUsd(live.spentNanos),
    reserved_usd: formatUsd(live.reservedNanos),
    remaining_usd: formatUsd(left > 0n ? left : 0n),
    used_percent: percentOf(live.spentNanos, mostNanos),
    projected_usd: projectionOf(row, live.spentNanos),
    resets_at: resetsAt(row.period),
  };
}

function percentOf(spent: bigint, most: bigint): number {
  return most === 0n ? 100 : Number((spent * 10_000n) / most) / 100;
}

/** At the pace of the window so far. A total budget has no end to project to. */
function projectionOf(row: BudgetRow, spentNanos: bigint): string | null {
  const nowMs = Date.now();
  const endMs = windowEndMs(row.period, nowMs);
  if (endMs === null) {
    return null;
  }
  const startMs = windowStartMs(row.period, nowMs);
  const elapsed = (nowMs - startMs) / (endMs - startMs);
  if (elapsed < LEAST_ELAPSED) {
    return null;
  }
  const perMillion = BigInt(Math.round(elapsed * 1_000_000));
  return formatUsd((spentNanos * 1_000_000n) / perMillion);
}
