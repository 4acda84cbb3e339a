import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { reportSpend } from "#lib/console/spend.ts";
import { spendQuery } from "#lib/contract/analytics.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "usage.read",
    query: spendQuery,
    run: ({ actor, query }) => reportSpend(actor, query),
  }),
});
