import { showKeyUse } from "#lib/console/api-key-list.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { idParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "key.read",
  params: idParams,
  run: ({ actor, params }) => showKeyUse(actor, params.id),
});
