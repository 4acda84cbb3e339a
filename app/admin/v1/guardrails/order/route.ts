import { defineRoute } from "#lib/console/define-route.ts";
import { reorderRules } from "#lib/console/guardrail-order.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { guardrailOrder } from "#lib/contract/guardrail.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "guardrail.set",
    input: guardrailOrder,
    run: ({ actor, input }) => reorderRules(actor, input),
  }),
});
