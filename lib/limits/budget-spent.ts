import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetRow } from "#lib/db/budgets.ts";

/** What is spent of a budget in the window that began at `windowStartMs`. */
export interface Spent {
  windowStartMs: number;
  spentNanos: bigint;
}

/** A budget without a row has spent nothing. A row's window may begin at any moment of its period. */
export function spentOfRow(row: BudgetRow | undefined): Spent {
  return row === undefined
    ? { windowStartMs: 0, spentNanos: 0n }
    : { windowStartMs: windowStartMs(row.period, row.windowStartMs), spentNanos: row.spentNanos };
}

/**
 * Of what a row and this process know of one budget the later window counts, and within one window
 * the greater amount: what was spent yesterday is nothing of today's.
 */
export function laterSpent(row: Spent, known: Spent | undefined): Spent {
  if (known === undefined || row.windowStartMs > known.windowStartMs) {
    return row;
  }
  if (row.windowStartMs < known.windowStartMs) {
    return known;
  }
  return row.spentNanos < known.spentNanos ? { ...row, spentNanos: known.spentNanos } : row;
}
