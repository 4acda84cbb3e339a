import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import type { BudgetRow } from "#lib/db/budgets.ts";
import type { RedisClient } from "#lib/redis/client.ts";
import {
  mergeBudget,
  readBudgets,
  reapHolds,
  reserveBudgets,
  settleHold,
  topUpHold,
} from "#lib/redis/scripts/budget.ts";
import {
  BUDGET_PREFIX,
  budgetKey,
  HOLD_PREFIX,
  HOLDS_KEY,
  holdKey,
} from "#lib/redis/scripts/keys.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import { type BudgetDemand, type BudgetState, budgetStoreError } from "./budget-demand.ts";
import type { BudgetRefusal } from "./refusal.ts";

/** A budget without requests for this long takes the row's amount, even where it is smaller. */
const REST_MS = 30_000;
const REAP_MOST = 100;
const MERGE_MOST = 200;
/** A budget may be flushed away between its seeding and the next try, but not for ever. */
const SEED_TRIES = 3;

export type RedisReserve =
  | { granted: true; spentNanos: readonly bigint[] }
  | { granted: false; refusal: BudgetRefusal };

/** A request whose hold has been made void holds elsewhere; Redis may not hold for it again. */
const VOID = "void";

interface HeldBudgets {
  requestId: string;
  budgets: readonly BudgetLimit[];
}

export interface RedisBudgetOptions {
  redis: RedisClient;
  now: () => number;
  load: (ids: readonly string[]) => Promise<readonly BudgetRow[]>;
}

/** The budget scripts as functions. All reject with `isRedisUnavailable` when Redis is away. */
export class RedisBudgets {
  readonly #options: RedisBudgetOptions;

  constructor(options: RedisBudgetOptions) {
    this.#options = options;
  }

  /**
   * Holds an amount in all budgets or in none; budgets Redis does not know are read from their rows.
   * Asking again for the same request changes nothing. `undefined` when its hold was made void.
   */
  async reserve(demand: BudgetDemand): Promise<RedisReserve | undefined> {
    for (let attempt = 0; attempt < SEED_TRIES; attempt += 1) {
      const [word, ...rest] = await this.#tryReserve(demand);
      if (word === "missing") {
        await this.#seed(rest.map((position) => budgetAt(demand.budgets, position).id));
        continue;
      }
      if (word === "taken") {
        return rest[0] === VOID ? undefined : { granted: true, spentNanos: [] };
      }
      if (word === "ok") {
        return { granted: true, spentNanos: rest.map((text) => BigInt(String(text))) };
      }
      const [position, spent, held, heldInDatabase] = rest;
      const refusal = {
        budget: budgetAt(demand.budgets, position),
        spentNanos: BigInt(String(spent)),
        reservedNanos: BigInt(String(held)) + BigInt(String(heldInDatabase)),
      };
      return { granted: false, refusal };
    }
    throw budgetStoreError("Redis loses budgets as fast as they are written.");
  }

  /**
   * Raises a hold. `false` when there is no room, or when the hold has ended without us.
   */
  async topUp({ requestId, budgets }: HeldBudgets, totalNanos: bigint): Promise<boolean> {
    const keys = [holdKey(requestId), ...budgets.map(({ id }) => budgetKey(id))];
    const args = [String(totalNanos), ...this.#limitsOf(budgets)];
    return Number(await this.#options.redis.run(topUpHold, keys, args)) === 1;
  }

  /**
   * Ends a hold now or when Redis is back; `onSpent` gets what its budgets have spent by then. A
   * void end also stops a reserve that may still be on its way.
   */
  async settle(
    { requestId, budgets }: HeldBudgets,
    end: { costNanos: bigint; isVoid?: boolean; onSpent?: (spentNanos: bigint[]) => void },
  ): Promise<void> {
    const keys = [holdKey(requestId), HOLDS_KEY, ...budgets.map(({ id }) => budgetKey(id))];
    await this.#options.redis.eventually(async (redis) => {
      const nowMs = this.#options.now();
      const reply = await redis.run(settleHold, keys, [
        requestId,
        String(end.costNanos),
        nowMs,
        end.isVoid === true ? VOID : "",
        ...budgets.map(({ period }) => windowStartMs(period, nowMs)),
      ]);
      const spent = asList(reply);
      if (spent.length === budgets.length) {
        end.onSpent?.(spent.map((text) => BigInt(String(text))));
      }
    });
  }

  /** Notes that a request holds an amount in the database, until the next merge reads it there. */
  async noteElsewhere(budgets: readonly BudgetLimit[], amountNanos: bigint): Promise<void> {
    await this.#options.redis.eventually((redis) =>
      Promise.all(
        budgets.map(({ id }) => redis.send(["HINCRBY", budgetKey(id), "x", String(amountNanos)])),
      ),
    );
  }

  /** Takes over what the rows know of these budgets. */
  async merge(redis: RedisSession, ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += MERGE_MOST) {
      await this.#mergeSome(redis, ids.slice(at, at + MERGE_MOST));
    }
  }

  async #mergeSome(redis: RedisSession, ids: readonly string[]): Promise<void> {
    const rows = new Map((await this.#options.load(ids)).map((row) => [row.id, row]));
    const nowMs = this.#options.now();
    await Promise.all(
      ids.map((id) => {
        const row = rows.get(id);
        return redis.run(
          mergeBudget,
          [budgetKey(id)],
          [
            row?.windowStartMs ?? 0,
            String(row?.spentNanos ?? 0n),
            String(row?.reservedNanos ?? 0n),
            nowMs,
            REST_MS,
          ],
        );
      }),
    );
  }

  /** Charges holds whose lease has ended at their estimate; returns how many. */
  async reap(): Promise<number> {
    const args = [REAP_MOST, HOLD_PREFIX, BUDGET_PREFIX];
    let reaped = 0;
    for (;;) {
      const count = Number(await this.#options.redis.run(reapHolds, [HOLDS_KEY], args));
      reaped += count;
      if (count < REAP_MOST) {
        return reaped;
      }
    }
  }

  /** What Redis knows of budgets; unknown ones are left out. Holds in the database are not included. */
  async states(ids: readonly string[]): Promise<Map<string, BudgetState>> {
    const reply = asList(await this.#options.redis.run(readBudgets, ids.map(budgetKey), []));
    const states = new Map<string, BudgetState>();
    for (const [at, id] of ids.entries()) {
      const [window, spent, held] = asList(reply[at]);
      if (window !== undefined) {
        states.set(id, {
          windowStartMs: Number(window),
          spentNanos: BigInt(String(spent)),
          reservedNanos: BigInt(String(held)),
        });
      }
    }
    return states;
  }

  async #tryReserve({ requestId, budgets, estimateNanos, leaseMs }: BudgetDemand) {
    const keys = [holdKey(requestId), HOLDS_KEY, ...budgets.map(({ id }) => budgetKey(id))];
    const reply = await this.#options.redis.run(reserveBudgets, keys, [
      requestId,
      String(estimateNanos),
      leaseMs,
      budgets.map(({ id }) => id).join(" "),
      this.#options.now(),
      ...this.#limitsOf(budgets),
    ]);
    return asList(reply);
  }

  async #seed(ids: readonly string[]): Promise<void> {
    try {
      await this.merge(this.#options.redis, ids);
    } catch (error) {
      throw budgetStoreError(error);
    }
  }

  #limitsOf(budgets: readonly BudgetLimit[]): string[] {
    const nowMs = this.#options.now();
    return budgets.flatMap(({ limitNanos, period }) => [
      String(limitNanos),
      String(windowStartMs(period, nowMs)),
    ]);
  }
}

function budgetAt(budgets: readonly BudgetLimit[], position: unknown): BudgetLimit {
  const budget = budgets[Number(position) - 1];
  if (budget === undefined) {
    throw new Error("Redis named a budget that it was not asked about.");
  }
  return budget;
}

function asList(reply: unknown): unknown[] {
  return Array.isArray(reply) ? reply : [];
}
