import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import type { BudgetRow } from "#lib/db/budgets.ts";
import { isRedisUnavailable } from "#lib/redis/breaker.ts";
import type { RedisClient } from "#lib/redis/client.ts";
import {
  readBudgets,
  reapHolds,
  reserveBudgets,
  settleHold,
  topUpHold,
} from "#lib/redis/scripts/budget.ts";
import {
  BUDGET_PREFIX,
  budgetKey,
  GENERATION_KEY,
  HOLD_PREFIX,
  HOLDS_KEY,
  holdKey,
} from "#lib/redis/scripts/keys.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import { type BudgetDemand, type BudgetState, budgetStoreError } from "./budget-demand.ts";
import { BudgetGeneration } from "./budget-generation.ts";
import type { BudgetMemo } from "./budget-memo.ts";
import { mergeBudgets } from "./budget-merge.ts";
import type { OpenHolds } from "./budget-open-holds.ts";
import type { BudgetRefusal } from "./refusal.ts";

const REAP_MOST = 100;
/** Redis may lose what it held between its seeding and the next try, but not for ever. */
const SEED_TRIES = 6;

export type RedisReserve =
  | { granted: true; spentNanos: readonly bigint[] }
  | { granted: false; refusal: BudgetRefusal };

/** A request whose hold has been made void holds elsewhere; Redis may not hold for it again. */
const VOID = "void";
/** What `topUpHold` answers for a hold that Redis does not have any more. */
const LOST = -1;

interface HeldBudgets {
  requestId: string;
  budgets: readonly BudgetLimit[];
}

export interface RedisBudgetOptions {
  redis: RedisClient;
  now: () => number;
  load: (ids: readonly string[]) => Promise<readonly BudgetRow[]>;
  /** What this process knows beyond the rows. */
  memo: BudgetMemo;
  holds: OpenHolds;
}

/** The budget scripts as functions. All reject with `isRedisUnavailable` when Redis is away. */
export class RedisBudgets {
  readonly #options: RedisBudgetOptions;
  readonly #generation: BudgetGeneration;
  readonly #seeding = new Map<string, Promise<void>>();

  constructor(options: RedisBudgetOptions) {
    this.#options = options;
    const merge: RedisBudgets["merge"] = (redis, ids) => this.merge(redis, ids);
    this.#generation = new BudgetGeneration({ holds: options.holds, merge });
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
      if (word === "lost") {
        await this.#bringBack(String(rest[0]));
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
   * Raises a hold. `false` when there is no room, or when the hold has ended without us; one that
   * Redis has lost is written again first.
   */
  async topUp({ requestId, budgets }: HeldBudgets, totalNanos: bigint): Promise<boolean> {
    const { redis } = this.#options;
    const keys = [holdKey(requestId), ...budgets.map(({ id }) => budgetKey(id))];
    const args = [String(totalNanos), ...this.#limitsOf(budgets)];
    const reply = Number(await redis.run(topUpHold, keys, args));
    if (reply !== LOST) {
      return reply === 1;
    }
    await this.#generation.restore(redis);
    return Number(await redis.run(topUpHold, keys, args)) === 1;
  }

  /** Writes what Redis has lost since it was last asked, if it has lost anything. */
  async checkGeneration(): Promise<void> {
    await this.#generation.check(this.#options.redis);
  }

  /** After an outage: takes over what the rows know, and what this process spent and holds. */
  async recover(redis: RedisSession, ids: readonly string[]): Promise<void> {
    await mergeBudgets(redis, ids, { ...this.#options, isQuiet: true });
    await this.#generation.restore(redis);
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

  /** Takes over what the rows know of these budgets, and of lost ones all that is known here. */
  async merge(redis: RedisSession, ids: readonly string[]): Promise<void> {
    await mergeBudgets(redis, ids, { ...this.#options, isQuiet: false });
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
    const own = [holdKey(requestId), HOLDS_KEY, GENERATION_KEY];
    const keys = [...own, ...budgets.map(({ id }) => budgetKey(id))];
    const reply = await this.#options.redis.run(reserveBudgets, keys, [
      requestId,
      String(estimateNanos),
      leaseMs,
      budgets.map(({ id }) => id).join(" "),
      this.#options.now(),
      this.#generation.known,
      ...this.#limitsOf(budgets),
    ]);
    return asList(reply);
  }

  /** Once, however many requests find that the same budgets are missing. */
  async #seed(ids: readonly string[]): Promise<void> {
    const name = ids.join(" ");
    let seeding = this.#seeding.get(name);
    if (seeding === undefined) {
      seeding = this.merge(this.#options.redis, ids).finally(() => this.#seeding.delete(name));
      this.#seeding.set(name, seeding);
    }
    try {
      await seeding;
    } catch (error) {
      throw budgetStoreError(error);
    }
  }

  async #bringBack(generation: string): Promise<void> {
    try {
      await this.#generation.takeOver(this.#options.redis, generation);
    } catch (error) {
      throw isRedisUnavailable(error) ? error : budgetStoreError(error);
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
