import { type ReserveOutcome, reserveInDatabase, topUpInDatabase } from "#lib/db/budget-holds.ts";
import { type BudgetSql, releaseReservation } from "#lib/db/budgets.ts";
import { type BudgetDemand, budgetStoreError } from "./budget-demand.ts";
import type { BudgetMemo } from "./budget-memo.ts";
import type { BudgetRefusal } from "./refusal.ts";

export interface DatabaseBudgetOptions {
  sql: () => BudgetSql;
  now: () => number;
  /** What the database cannot know: amounts that only Redis and this process have seen. */
  memo: BudgetMemo;
}

/** Budgets kept in the database directly, while the store for many replicas is away. */
export class DatabaseBudgets {
  readonly #options: DatabaseBudgetOptions;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: DatabaseBudgetOptions) {
    this.#options = options;
  }

  /** `undefined` when the amount is held. Throws `budget_store_unavailable`. */
  async reserve(demand: BudgetDemand): Promise<BudgetRefusal | undefined> {
    const reserving = reserveInDatabase(this.#options.sql(), this.#paramsOf(demand));
    this.#underWay.add(reserving);
    try {
      return refusalOf(demand, await reserving);
    } catch (error) {
      throw budgetStoreError(error);
    } finally {
      this.#underWay.delete(reserving);
    }
  }

  /** Raises a hold to the demand's amount; `false` without room, and without an answer. */
  async topUp(demand: BudgetDemand): Promise<boolean> {
    try {
      return (await topUpInDatabase(this.#options.sql(), this.#paramsOf(demand))).granted;
    } catch {
      // Nobody has said that there is room.
      return false;
    }
  }

  /** Lets a hold go. What cannot be let go now is charged when its lease ends, and never lost. */
  async release(requestId: string): Promise<void> {
    await releaseReservation(this.#options.sql(), requestId, this.#options.now());
  }

  /** Resolves when the reserves that are under way have ended, however they end. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  #paramsOf(demand: BudgetDemand) {
    const nowMs = this.#options.now();
    return {
      requestId: demand.requestId,
      estimateNanos: demand.estimateNanos,
      leaseMs: demand.leaseMs,
      nowMs,
      budgets: demand.budgets.map((budget) => ({
        id: budget.id,
        limitNanos: budget.limitNanos,
        ...this.#options.memo.knownOf(budget, nowMs),
      })),
    };
  }
}

function refusalOf(demand: BudgetDemand, outcome: ReserveOutcome): BudgetRefusal | undefined {
  if (outcome.granted) {
    return undefined;
  }
  const { budgetId, spentNanos, reservedNanos } = outcome;
  const budget = demand.budgets.find(({ id }) => id === budgetId);
  if (budget === undefined) {
    throw new Error("The database named a budget that it was not asked about.");
  }
  return { budget, spentNanos, reservedNanos };
}
