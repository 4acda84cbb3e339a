import { defineIsland } from "#lib/console/define-island.ts";
import { prepareBacktest, streamBacktest } from "#lib/console/guardrail-backtest.ts";
import { guardrailBacktest } from "#lib/contract/guardrail-test.ts";

export const POST = defineIsland({
  can: "guardrail.backtest",
  input: guardrailBacktest,
  run: async ({ actor, input, signal }) => {
    const backtest = await prepareBacktest(actor, input);
    return new Response(streamBacktest(backtest, signal), {
      headers: { "content-type": "application/x-ndjson", "x-accel-buffering": "no" },
    });
  },
});
