import type { ReservationRecord } from "#lib/contract/record.ts";
import type { BudgetSql } from "#lib/db/budgets.ts";
import { isConduitError } from "#lib/errors.ts";
import type { RedisClient } from "#lib/redis/client.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import { DatabaseBudgets } from "./budget-database.ts";
import type { BudgetDemand, BudgetHold, BudgetVerdict } from "./budget-demand.ts";
import type { BudgetMemo } from "./budget-memo.ts";
import type { OpenHolds } from "./budget-open-holds.ts";
import type { RedisBudgets } from "./budget-redis.ts";

/** A reserve that got no answer is asked again once: it knows by the request id if it was done. */
const REDIS_TRIES = 2;

type Store = "redis" | "postgres";

export interface SharedBudgetOptions {
  redis: RedisClient;
  budgets: RedisBudgets;
  memo: BudgetMemo;
  holds: OpenHolds;
  sql: () => BudgetSql;
  now: () => number;
}

/**
 * Budgets that several replicas share: in Redis, and in the database while Redis is away. Money is
 * never let through because a store is down. When Redis returns, reserves wait for the moment it
 * takes to carry over what the database spent and holds, so that none is judged by stale counters.
 */
export class SharedBudgets {
  readonly #redis: RedisClient;
  readonly #inRedis: RedisBudgets;
  readonly #inDatabase: DatabaseBudgets;
  readonly #memo: BudgetMemo;
  readonly #holds: OpenHolds;
  #databaseGranted = false;
  #takingOver: Promise<void> | undefined;

  constructor({ redis, budgets, memo, holds, sql, now }: SharedBudgetOptions) {
    this.#redis = redis;
    this.#inRedis = budgets;
    this.#memo = memo;
    this.#holds = holds;
    this.#inDatabase = new DatabaseBudgets({ sql, now, memo });
    redis.onRecovery((session) => this.#takeOver(session));
  }

  /** Throws `budget_store_unavailable` when neither store answers. */
  async reserve(demand: BudgetDemand): Promise<BudgetVerdict> {
    for (;;) {
      const wasAsked = this.#redis.isUp;
      const verdict = await this.#reserveInRedis(demand);
      if (verdict !== undefined) {
        return verdict;
      }
      if (wasAsked) {
        // It may have got through all the same, and must not hold money in two places.
        await this.#inRedis.settle(demand, { costNanos: 0n, isVoid: true });
      }
      if (this.#takingOver === undefined) {
        return this.#reserveInDatabase(demand);
      }
      await this.#takingOver;
    }
  }

  /** Carries the rows over into Redis, so that neither store drifts from the other for long. */
  async reconcile(): Promise<void> {
    if (this.#redis.isUp) {
      await this.#inRedis.checkGeneration();
      await this.#inRedis.merge(this.#redis, this.#memo.listIds());
    }
  }

  async #reserveInRedis(demand: BudgetDemand): Promise<BudgetVerdict | undefined> {
    for (let attempt = 0; attempt < REDIS_TRIES && this.#redis.isUp; attempt += 1) {
      try {
        const outcome = await this.#inRedis.reserve(demand);
        if (outcome?.granted !== true) {
          return outcome;
        }
        this.#memo.noteHeld(demand.budgets, demand.estimateNanos);
        this.#memo.noteSpent(demand.budgets, outcome.spentNanos);
        return { granted: true, hold: this.#holdOf(demand, "redis") };
      } catch (error) {
        if (isConduitError(error)) {
          throw error;
        }
      }
    }
    return undefined;
  }

  async #reserveInDatabase(demand: BudgetDemand): Promise<BudgetVerdict> {
    const refusal = await this.#inDatabase.reserve(demand);
    if (refusal !== undefined) {
      return { granted: false, refusal };
    }
    await this.#noteInDatabase(demand, demand.estimateNanos);
    return { granted: true, hold: this.#holdOf(demand, "postgres") };
  }

  /** A Redis that missed one answer goes on serving others, and has to know of this hold. */
  async #noteInDatabase(demand: BudgetDemand, addedNanos: bigint): Promise<void> {
    this.#databaseGranted = true;
    if (this.#redis.isUp) {
      await this.#inRedis.noteElsewhere(demand.budgets, addedNanos);
    }
  }

  async #takeOver(session: RedisSession): Promise<() => void> {
    let finish: () => void = () => undefined;
    this.#takingOver = new Promise((resolve) => {
      finish = () => {
        this.#takingOver = undefined;
        resolve();
      };
    });
    try {
      await this.#inDatabase.idle();
      await this.#inRedis.recover(session, this.#memo.listIds());
    } catch (error) {
      // Redis lacks only what the database granted in the meantime; where that is nothing, go on.
      if (this.#databaseGranted) {
        finish();
        throw error;
      }
    }
    this.#databaseGranted = false;
    return finish;
  }

  #holdOf(demand: BudgetDemand, firstStore: Store): BudgetHold {
    const held = { ...demand };
    let store = firstStore;
    if (store === "redis") {
      this.#holds.add(held);
    }
    return {
      get record(): ReservationRecord {
        const budgetIds = held.budgets.map(({ id }) => id);
        return { store, budgetIds, estimateNanos: held.estimateNanos };
      },
      topUp: async (totalNanos) => {
        if (totalNanos <= held.estimateNanos) {
          return true;
        }
        const grantedBy = await this.#topUp(held, store, totalNanos);
        if (grantedBy !== undefined) {
          held.estimateNanos = totalNanos;
          store = grantedBy;
        }
        return grantedBy !== undefined;
      },
      // The database's holds are settled with the log row, in the transaction that writes it.
      settle: (costNanos) => (store === "redis" ? this.#settleInRedis(held, costNanos) : undefined),
      release: () =>
        store === "redis"
          ? this.#settleInRedis(held, 0n)
          : this.#inDatabase.release(held.requestId),
    };
  }

  /** The store that holds the new total, or `undefined` when it was refused. */
  async #topUp(held: BudgetDemand, store: Store, totalNanos: bigint): Promise<Store | undefined> {
    const raised = { ...held, estimateNanos: totalNanos };
    const moreNanos = totalNanos - held.estimateNanos;
    if (store === "redis") {
      const granted = await this.#inRedis.topUp(held, totalNanos).catch(unanswered);
      if (granted === true) {
        this.#memo.noteHeld(held.budgets, moreNanos);
      }
      return granted === undefined
        ? this.#moveToDatabase(held, raised)
        : granted
          ? store
          : undefined;
    }
    if (!(await this.#inDatabase.topUp(raised))) {
      return undefined;
    }
    await this.#noteInDatabase(raised, moreNanos);
    return store;
  }

  /** Redis does not answer: the whole amount is held in the database in place of what it holds. */
  async #moveToDatabase(held: BudgetDemand, raised: BudgetDemand): Promise<Store | undefined> {
    this.#memo.noteHeld(held.budgets, -held.estimateNanos);
    const verdict = await this.#reserveInDatabase(raised).catch(unanswered);
    if (verdict?.granted !== true) {
      this.#memo.noteHeld(held.budgets, held.estimateNanos);
      return undefined;
    }
    this.#holds.remove(held.requestId);
    await this.#inRedis.settle(held, { costNanos: 0n, isVoid: true });
    return "postgres";
  }

  async #settleInRedis(held: BudgetDemand, costNanos: bigint): Promise<void> {
    this.#holds.remove(held.requestId);
    this.#memo.noteHeld(held.budgets, -held.estimateNanos);
    this.#memo.addSpent(held.budgets, costNanos);
    await this.#inRedis.settle(held, {
      costNanos,
      onSpent: (spentNanos) => this.#memo.noteSpent(held.budgets, spentNanos),
    });
  }
}

/** A store that gave no answer is asked no more; the caller decides what that means. */
function unanswered(): undefined {
  return undefined;
}
