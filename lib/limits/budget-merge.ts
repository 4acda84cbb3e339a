import type { BudgetRow } from "#lib/db/budgets.ts";
import { mergeBudget } from "#lib/redis/scripts/budget.ts";
import { budgetKey } from "#lib/redis/scripts/keys.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import type { BudgetMemo } from "./budget-memo.ts";
import { laterSpent, type Spent, spentOfRow } from "./budget-spent.ts";

/** A budget without requests for this long takes the row's amount, even where it is smaller. */
const REST_MS = 30_000;
const MERGE_MOST = 200;

export interface MergeOptions {
  now: () => number;
  load: (ids: readonly string[]) => Promise<readonly BudgetRow[]>;
  memo: BudgetMemo;
}

/**
 * What this process knows is spent counts for budgets that Redis lost. Those that it has may be
 * about to hear of the same costs from a settlement on its way, so that they take the rows alone,
 * unless nothing is on its way (`isQuiet`).
 */
export interface MergeHow extends MergeOptions {
  isQuiet: boolean;
}

/** Writes into Redis what is known of these budgets elsewhere. */
export async function mergeBudgets(
  redis: RedisSession,
  ids: readonly string[],
  how: MergeHow,
): Promise<void> {
  for (let at = 0; at < ids.length; at += MERGE_MOST) {
    await mergeSome(redis, ids.slice(at, at + MERGE_MOST), how);
  }
}

async function mergeSome(
  redis: RedisSession,
  ids: readonly string[],
  { load, now, memo, isQuiet }: MergeHow,
): Promise<void> {
  const rows = new Map((await load(ids)).map((row) => [row.id, row]));
  const nowMs = now();
  await Promise.all(
    ids.map((id) => {
      const row = rows.get(id);
      const stored = spentOfRow(row);
      const known = laterSpent(stored, memo.getSpent(id));
      const present = isQuiet ? known : stored;
      const held = String(row?.reservedNanos ?? 0n);
      return redis.run(
        mergeBudget,
        [budgetKey(id)],
        [...asArguments(present), held, nowMs, REST_MS, ...asArguments(known)],
      );
    }),
  );
}

function asArguments({ windowStartMs, spentNanos }: Spent): [number, string] {
  return [windowStartMs, String(spentNanos)];
}
