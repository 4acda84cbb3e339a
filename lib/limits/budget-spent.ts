import type { BudgetRow } from "#lib/db/budgets.ts";

/** What is spent of a budget in the window that began at `windowStartMs`. */
export interface Spent {
  windowStartMs: number;
  spentNanos: bigint;
}

/** A budget without a row has spent nothing. */
export function spentOfRow(row: BudgetRow | undefined): Spent {
  return { windowStartMs: row?.windowStartMs ?? 0, spentNanos: row?.spentNanos ?? 0n };
}

/**
 * Of what a row and this process know of one budget the later window counts, and within one window
 * the greater amount. A row's window may have begun at any moment of its day, week or month.
 */
export function laterSpent(row: Spent, known: Spent | undefined): Spent {
  if (known === undefined) {
    return row;
  }
  if (row.windowStartMs < known.windowStartMs) {
    return known;
  }
  return row.spentNanos < known.spentNanos ? { ...row, spentNanos: known.spentNanos } : row;
}
