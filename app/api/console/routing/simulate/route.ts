import { simulateAlias } from "#lib/console/alias-simulation.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { aliasSimulateQuery } from "#lib/contract/alias-board.ts";

export const GET = defineIsland({
  can: "alias.simulate",
  query: aliasSimulateQuery,
  run: ({ actor, query: { name, ...input } }) => simulateAlias(actor, name, input),
});
