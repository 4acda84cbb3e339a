import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { reportUsage } from "#lib/console/usage.ts";
import { usageQuery } from "#lib/contract/analytics.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "usage.read",
    query: usageQuery,
    run: ({ actor, query }) => reportUsage(actor, query),
  }),
});
