import { defineIsland } from "#lib/console/define-island.ts";
import { showNewKeyLevels } from "#lib/console/limit-levels.ts";
import { newKeyLevelsQuery } from "#lib/contract/new-key-levels.ts";

export const GET = defineIsland({
  can: "key.create",
  query: newKeyLevelsQuery,
  run: ({ actor, query }) =>
    showNewKeyLevels(actor, { ownerId: query.owner_id, teamId: query.team_id ?? null }),
});
