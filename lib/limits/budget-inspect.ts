import type { RedisClient } from "#lib/redis/client.ts";
import { inspectBudgets, lowerBudget } from "#lib/redis/scripts/budget-check.ts";
import { budgetKey, HOLD_PREFIX, HOLDS_KEY } from "#lib/redis/scripts/keys.ts";
import type { BudgetState } from "./budget-demand.ts";
import type { BudgetExcess } from "./budget-repair.ts";

/** A budget's counters in a store beside what they have to agree with there. */
export interface LiveBudget extends BudgetState {
  /** What open holds add up to. */
  heldNanos: bigint;
  /** The part of `spentNanos` that was charged for requests that nobody ended. */
  unsettledNanos: bigint;
  /** How often the budget was corrected before. */
  corrections: string;
}

/** What open holds add up to, by budget. */
export function sumOfHolds(
  holds: Iterable<{ budgets: readonly { id: string }[]; amountNanos: bigint; state: string }>,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { budgets, amountNanos, state } of holds) {
    for (const { id } of state === "open" ? budgets : []) {
      sums.set(id, (sums.get(id) ?? 0n) + amountNanos);
    }
  }
  return sums;
}

const INSPECTED_AT_ONCE = 200;
/** A script that adds up more than this would keep Redis from others for too long. */
const HOLDS_MOST = 20_000;

/** Reads budgets in Redis; those it does not know are left out. Rejects with `isRedisUnavailable`. */
export async function inspectRedis(
  redis: RedisClient,
  ids: readonly string[],
): Promise<Map<string, LiveBudget>> {
  const found = new Map<string, LiveBudget>();
  for (let from = 0; from < ids.length; from += INSPECTED_AT_ONCE) {
    const some = ids.slice(from, from + INSPECTED_AT_ONCE);
    const reply = await redis.run(
      inspectBudgets,
      [HOLDS_KEY, ...some.map(budgetKey)],
      [HOLD_PREFIX, HOLDS_MOST, ...some],
    );
    const rows = Array.isArray(reply) ? (reply as unknown[][]) : [];
    for (const [at, id] of some.entries()) {
      const live = liveOf(rows[at] ?? []);
      if (live !== undefined) {
        found.set(id, live);
      }
    }
  }
  return found;
}

function liveOf(row: readonly unknown[]): LiveBudget | undefined {
  const [window, spent, reserved, unsettled, corrections, held] = row;
  return window === undefined
    ? undefined
    : {
        windowStartMs: Number(window),
        spentNanos: BigInt(String(spent)),
        reservedNanos: BigInt(String(reserved)),
        unsettledNanos: BigInt(String(unsettled)),
        heldNanos: BigInt(String(held)),
        corrections: String(corrections),
      };
}

/** Lowers a budget in Redis; false when it has been corrected or has begun a window since. */
export async function lowerInRedis(
  redis: RedisClient,
  { id, live, excess }: { id: string; live: LiveBudget; excess: BudgetExcess },
): Promise<boolean> {
  const reply = await redis.run(
    lowerBudget,
    [budgetKey(id)],
    [live.windowStartMs, live.corrections, String(excess.spentNanos), String(excess.reservedNanos)],
  );
  return Number(reply) === 1;
}
