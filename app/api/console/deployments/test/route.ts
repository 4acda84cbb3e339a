import { defineIsland } from "#lib/console/define-island.ts";
import { prepareTest, streamTest } from "#lib/console/deployment-test.ts";
import { deploymentTestInput } from "#lib/contract/deployment-test.ts";

export const POST = defineIsland({
  can: "deployment.test",
  input: deploymentTestInput,
  run: async ({ actor, input, signal }) => {
    const test = await prepareTest(actor, input);
    return new Response(streamTest(test, signal), {
      headers: { "content-type": "application/x-ndjson", "x-accel-buffering": "no" },
    });
  },
});
