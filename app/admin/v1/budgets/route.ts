import { showBudgets } from "#lib/console/budgets.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { budgetQuery } from "#lib/contract/budget.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "budget.read",
    query: budgetQuery,
    run: ({ actor, query }) => showBudgets(actor, query),
  }),
});
