import { defineRoute } from "#lib/console/define-route.ts";
import { changeRule, removeRule, showRule } from "#lib/console/guardrails.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { guardrailUpdate } from "#lib/contract/guardrail.ts";
import { idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "guardrail.read",
    params: idParams,
    run: ({ actor, params }) => showRule(actor, params.id),
  }),
  PATCH: defineRoute({
    can: "guardrail.set",
    params: idParams,
    input: guardrailUpdate,
    run: ({ actor, params, input }) => changeRule(actor, params.id, input),
  }),
  DELETE: defineRoute({
    can: "guardrail.set",
    params: idParams,
    run: ({ actor, params }) => removeRule(actor, params.id),
  }),
});
