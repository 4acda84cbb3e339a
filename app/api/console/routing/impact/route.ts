import { showAliasImpact } from "#lib/console/alias-board.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { nameParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "alias.delete",
  query: nameParams,
  run: ({ actor, query }) => showAliasImpact(actor, query.name),
});
