import { restoreHold } from "#lib/redis/scripts/budget-restore.ts";
import { budgetKey, HOLDS_KEY, holdKey } from "#lib/redis/scripts/keys.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import type { BudgetDemand } from "./budget-demand.ts";

/** Holds that are told to Redis at a time, so that none waits for more than its deadline. */
const RESTORE_MOST = 100;

interface OpenHold {
  /** Changes when the hold grows. */
  held: BudgetDemand;
  leaseEndsMs: number;
}

/**
 * What the requests of this process hold in Redis. A Redis that was flushed, or whose successor
 * missed the last writes, is told again.
 */
export class OpenHolds {
  readonly #holds = new Map<string, OpenHold>();
  readonly #steady: () => number;

  constructor(steady: () => number) {
    this.#steady = steady;
  }

  /** `held` is read when it is needed, and so may grow. */
  add(held: BudgetDemand): void {
    const leaseEndsMs = this.#steady() + held.leaseMs;
    this.#holds.set(held.requestId, { held, leaseEndsMs });
  }

  /** Before Redis is told that the hold has ended: nobody may bring it back afterwards. */
  remove(requestId: string): void {
    this.#holds.delete(requestId);
  }

  /** The budgets that something is held in. */
  budgetIds(): string[] {
    const ids = [...this.#holds.values()].flatMap(({ held }) => held.budgets.map(({ id }) => id));
    return [...new Set(ids)];
  }

  /** Writes every hold that Redis does not have. Its budgets have to be there. */
  async restore(redis: RedisSession): Promise<void> {
    const requestIds = [...this.#holds.keys()];
    for (let at = 0; at < requestIds.length; at += RESTORE_MOST) {
      const some = requestIds.slice(at, at + RESTORE_MOST);
      await Promise.all(some.map((requestId) => this.#restoreOne(redis, requestId)));
    }
  }

  async #restoreOne(redis: RedisSession, requestId: string): Promise<void> {
    const hold = this.#holds.get(requestId);
    if (hold === undefined) {
      return;
    }
    const { budgets, estimateNanos } = hold.held;
    const ids = budgets.map(({ id }) => id);
    const leftMs = Math.max(1, hold.leaseEndsMs - this.#steady());
    await redis.run(
      restoreHold,
      [holdKey(requestId), HOLDS_KEY, ...ids.map(budgetKey)],
      [requestId, String(estimateNanos), leftMs, ids.join(" ")],
    );
  }
}
