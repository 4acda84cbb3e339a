import { defineIsland } from "#lib/console/define-island.ts";
import { showPersonEffect } from "#lib/console/people.ts";
import { idParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "user.read",
  params: idParams,
  run: ({ actor, params }) => showPersonEffect(actor, params.id),
});
