import { defineRoute } from "#lib/console/define-route.ts";
import { backtestGuardrail } from "#lib/console/guardrail-backtest.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { guardrailBacktest } from "#lib/contract/guardrail-test.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "guardrail.backtest",
    input: guardrailBacktest,
    run: ({ actor, input }) => backtestGuardrail(actor, input),
  }),
});
