import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetLimit } from "#lib/contract/caller.ts";

/** Budgets not used for this long are no longer carried over between the stores. */
const FORGET_MS = 3_600_000;

interface Known {
  windowStartMs: number;
  spentNanos: bigint;
  heldNanos: bigint;
  usedAtMs: number;
}

/**
 * What this process knows of the budgets in Redis: what was spent when it last heard of them, and
 * what its own requests hold there. When Redis falls silent, the database is told both, for its rows
 * lag behind by a batch and know nothing of those holds. Holds of other replicas stay unknown until
 * they end; that is the bound of what an outage can overspend.
 */
export class BudgetMemo {
  readonly #known = new Map<string, Known>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds to what this process holds in Redis; a negative amount takes away. */
  noteHeld(budgets: readonly BudgetLimit[], nanos: bigint): void {
    for (const budget of budgets) {
      this.#of(budget).heldNanos += nanos;
    }
  }

  /** Takes over what Redis says is spent, in the order of the budgets. */
  noteSpent(budgets: readonly BudgetLimit[], spentNanos: readonly bigint[]): void {
    for (const [at, budget] of budgets.entries()) {
      const spent = spentNanos[at];
      if (spent !== undefined) {
        this.#of(budget).spentNanos = spent;
      }
    }
  }

  /** Adds a cost that Redis may hear of only later. */
  addSpent(budgets: readonly BudgetLimit[], nanos: bigint): void {
    for (const budget of budgets) {
      this.#of(budget).spentNanos += nanos;
    }
  }

  knownOf(
    budget: BudgetLimit,
    nowMs: number,
  ): { knownSpentNanos: bigint; heldElsewhereNanos: bigint } {
    const known = this.#known.get(budget.id);
    const isPresent = known?.windowStartMs === windowStartMs(budget.period, nowMs);
    return {
      knownSpentNanos: isPresent ? (known?.spentNanos ?? 0n) : 0n,
      heldElsewhereNanos: known?.heldNanos ?? 0n,
    };
  }

  /** What was spent of a budget when this process last heard of it, and in which window. */
  getSpent(id: string): { windowStartMs: number; spentNanos: bigint } | undefined {
    return this.#known.get(id);
  }

  /** The budgets in use, and none that have been idle for long. */
  listIds(): string[] {
    const oldestMs = this.#now() - FORGET_MS;
    for (const [id, { usedAtMs, heldNanos }] of this.#known) {
      if (usedAtMs < oldestMs && heldNanos === 0n) {
        this.#known.delete(id);
      }
    }
    return [...this.#known.keys()];
  }

  #of(budget: BudgetLimit): Known {
    const nowMs = this.#now();
    const startMs = windowStartMs(budget.period, nowMs);
    let known = this.#known.get(budget.id);
    if (known === undefined) {
      known = { windowStartMs: startMs, spentNanos: 0n, heldNanos: 0n, usedAtMs: nowMs };
      this.#known.set(budget.id, known);
    }
    if (known.windowStartMs !== startMs) {
      known.windowStartMs = startMs;
      known.spentNanos = 0n;
    }
    known.usedAtMs = nowMs;
    return known;
  }
}
