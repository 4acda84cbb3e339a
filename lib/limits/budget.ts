import { listBudgetsById } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";
import { isRedisUnavailable } from "#lib/redis/breaker.ts";
import { type BudgetState, stateOfRow } from "./budget-demand.ts";
import { getLimits, type SharedLimits } from "./configure.ts";

/**
 * What is spent and held of budgets at this moment, from whichever store leads: the rows alone are
 * behind by a batch. Budgets without a row are left out.
 */
export async function budgetStates(ids: readonly string[]): Promise<Map<string, BudgetState>> {
  const limits = getLimits();
  const nowMs = limits.now();
  const rows = await listBudgetsById(getSql("console"), ids);
  const shared = limits.shared && (await readShared(limits.shared, ids));
  const states = new Map<string, BudgetState>();
  for (const row of rows) {
    const stored = stateOfRow(row, nowMs);
    const live = shared === undefined ? limits.budgets.getState(row.id) : shared.get(row.id);
    states.set(row.id, live === undefined ? stored : newer(stored, live));
  }
  return states;
}

async function readShared(
  { redisBudgets }: SharedLimits,
  ids: readonly string[],
): Promise<Map<string, BudgetState>> {
  try {
    return ids.length === 0 ? new Map() : await redisBudgets.states(ids);
  } catch (error) {
    // The rows alone are the best answer that there is.
    if (isRedisUnavailable(error)) {
      return new Map();
    }
    throw error;
  }
}

/** Of two views of one budget the later window counts, and within one window the greater amount. */
function newer(stored: BudgetState, live: Readonly<BudgetState>): BudgetState {
  const reservedNanos = stored.reservedNanos + live.reservedNanos;
  if (live.windowStartMs < stored.windowStartMs) {
    return { ...stored, reservedNanos };
  }
  const spentNanos =
    live.windowStartMs === stored.windowStartMs && stored.spentNanos > live.spentNanos
      ? stored.spentNanos
      : live.spentNanos;
  return { spentNanos, reservedNanos, windowStartMs: live.windowStartMs };
}
