import { defineIsland } from "#lib/console/define-island.ts";
import { showImpact } from "#lib/console/deployment-detail.ts";
import { idParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "deployment.delete",
  params: idParams,
  run: ({ actor, params }) => showImpact(actor, params.id),
});
