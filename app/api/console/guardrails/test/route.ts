import { defineIsland } from "#lib/console/define-island.ts";
import { testGuardrails } from "#lib/console/guardrail-test.ts";
import { guardrailTest } from "#lib/contract/guardrail-test.ts";

export const POST = defineIsland({
  can: "guardrail.test",
  input: guardrailTest,
  run: ({ actor, input, signal }) => testGuardrails(actor, input, signal),
});
