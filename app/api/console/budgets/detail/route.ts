import { showBudgetDetail } from "#lib/console/budget-detail.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { budgetSubject } from "#lib/contract/budget-tree.ts";

export const GET = defineIsland({
  can: "budget.read",
  query: budgetSubject,
  run: ({ actor, query }) => showBudgetDetail(actor, query),
});
