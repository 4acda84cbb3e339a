import { defineIsland } from "#lib/console/define-island.ts";
import { showTeamEffect } from "#lib/console/team-removal.ts";
import { idParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "team.delete",
  params: idParams,
  run: ({ actor, params }) => showTeamEffect(actor, params.id),
});
