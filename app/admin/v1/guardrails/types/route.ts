import { defineRoute } from "#lib/console/define-route.ts";
import { showRuleTypes } from "#lib/console/guardrail-view.ts";
import { defineMethods } from "#lib/console/methods.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "guardrail.read",
    run: async () => ({ types: showRuleTypes() }),
  }),
});
