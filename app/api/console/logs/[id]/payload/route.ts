import { defineIsland } from "#lib/console/define-island.ts";
import { showPayload } from "#lib/console/payloads.ts";
import { requestParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "log.payload.read",
  params: requestParams,
  run: ({ actor, params }) => showPayload(actor, params.id),
});
