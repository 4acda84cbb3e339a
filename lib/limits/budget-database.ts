import { type ReserveOutcome, reserveInDatabase, topUpInDatabase } from "#lib/db/budget-holds.ts";
import { type BudgetSql, releaseReservation } from "#lib/db/budgets.ts";
import { askInRequest } from "#lib/db/request-query.ts";
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
  readonly #underWay = new Map<string, Promise<ReserveOutcome>>();

  constructor(options: DatabaseBudgetOptions) {
    this.#options = options;
  }

  /** `undefined` when the amount is held. Throws `budget_store_unavailable`. */
  async reserve(demand: BudgetDemand): Promise<BudgetRefusal | undefined> {
    try {
      return refusalOf(demand, await askInRequest(() => this.#reserve(demand)));
    } catch (error) {
      this.#letGoWhenLate(demand.requestId);
      throw budgetStoreError(error);
    }
  }

  async #reserve(demand: BudgetDemand): Promise<ReserveOutcome> {
    const reserving = reserveInDatabase(this.#options.sql(), this.#paramsOf(demand));
    this.#underWay.set(demand.requestId, reserving);
    try {
      return await reserving;
    } finally {
      this.#underWay.delete(demand.requestId);
    }
  }

  /** Nobody waits any more for an answer that comes too late, so what it held is nobody's. */
  #letGoWhenLate(requestId: string): void {
    const late = this.#underWay.get(requestId);
    late
      ?.then((outcome) => (outcome.granted ? this.release(requestId) : undefined))
      // What could not be let go is charged when its lease ends, as always.
      .catch(() => undefined);
  }

  /** Raises a hold to the demand's amount; `false` without room, and without an answer. */
  async topUp(demand: BudgetDemand): Promise<boolean> {
    try {
      const raising = () => topUpInDatabase(this.#options.sql(), this.#paramsOf(demand));
      return (await askInRequest(raising)).granted;
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
    await Promise.allSettled(this.#underWay.values());
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
