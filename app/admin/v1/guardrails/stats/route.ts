import { defineRoute } from "#lib/console/define-route.ts";
import { showRuleStats } from "#lib/console/guardrail-stats.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { guardrailStatsQuery } from "#lib/contract/guardrail-stats.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "guardrail.read",
    query: guardrailStatsQuery,
    run: ({ actor, query }) => showRuleStats(actor, query),
  }),
});
