import { defineRoute } from "#lib/console/define-route.ts";
import { testGuardrails } from "#lib/console/guardrail-test.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { guardrailTest } from "#lib/contract/guardrail-test.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "guardrail.test",
    input: guardrailTest,
    run: ({ actor, input }) => testGuardrails(actor, input),
  }),
});
