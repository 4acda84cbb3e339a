import { defineRoute } from "#lib/console/define-route.ts";
import { createRule, showRules } from "#lib/console/guardrails.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { guardrailCreate, guardrailQuery } from "#lib/contract/guardrail.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "guardrail.read",
    query: guardrailQuery,
    run: ({ actor, query }) => showRules(actor, query),
  }),
  POST: defineRoute({
    can: "guardrail.set",
    input: guardrailCreate,
    status: 201,
    run: ({ actor, input }) => createRule(actor, input),
  }),
});
