import type { BudgetLimit } from "#lib/contract/caller.ts";
import { listBudgetsById } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";

/** Budgets by their ids, with what a settlement asks of them: the id and the window alone. */
export async function listHeldBudgets(ids: ReadonlySet<string>): Promise<Map<string, BudgetLimit>> {
  if (ids.size === 0) {
    return new Map();
  }
  const rows = await listBudgetsById(getSql("batch"), [...ids]);
  return new Map(
    rows.map(({ id, period }) => [
      id,
      { id, period, subject: "key", subjectId: "", subjectName: "", limitNanos: 0n },
    ]),
  );
}
