import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import type { ReservationRecord } from "#lib/contract/record.ts";
import type { BudgetRow } from "#lib/db/budgets.ts";
import { ConduitError } from "#lib/errors.ts";
import type { BudgetRefusal } from "./refusal.ts";

/** An amount that a request wants to hold in all of its budgets. */
export interface BudgetDemand {
  requestId: string;
  /** Ordered by id. */
  budgets: readonly BudgetLimit[];
  estimateNanos: bigint;
  leaseMs: number;
}

/** Money held for a request until it is settled or let go; whichever comes first counts. */
export interface BudgetHold {
  /** Where it is held; changes when a hold moves to another store. */
  readonly record: ReservationRecord;
  /** Raises the held amount to a new total; `false` when a budget has no room for it. */
  topUp(totalNanos: bigint): Promise<boolean> | boolean;
  settle(costNanos: bigint): Promise<void> | undefined;
  release(): Promise<void> | undefined;
}

export type BudgetVerdict =
  | { granted: true; hold: BudgetHold }
  | { granted: false; refusal: BudgetRefusal };

/** What is used of a budget in the window that began at `windowStartMs`. */
export interface BudgetState {
  spentNanos: bigint;
  reservedNanos: bigint;
  windowStartMs: number;
}

/** A budget as its row stands now: one whose window has ended has nothing spent in the present one. */
export function stateOfRow(row: BudgetRow, nowMs: number): BudgetState {
  const startMs = windowStartMs(row.period, nowMs);
  return row.windowStartMs < startMs
    ? { spentNanos: 0n, reservedNanos: row.reservedNanos, windowStartMs: startMs }
    : {
        spentNanos: row.spentNanos,
        reservedNanos: row.reservedNanos,
        windowStartMs: row.windowStartMs,
      };
}

/** Without a store that can tell what is spent, a request under a budget is refused. */
export function budgetStoreError(cause: unknown): ConduitError {
  return new ConduitError("budget_store_unavailable", {
    message:
      "Budgets cannot be checked at the moment, and requests under a budget are refused until they can.",
    retryAfterMs: 1_000,
    cause,
  });
}
