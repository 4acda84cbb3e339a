import { defineIsland } from "#lib/console/define-island.ts";
import { showLookup } from "#lib/console/lookup.ts";
import { lookupParams, lookupQuery } from "#lib/contract/lookup.ts";

export const GET = defineIsland({
  can: "profile.use",
  params: lookupParams,
  query: lookupQuery,
  run: ({ actor, params, query }) => showLookup(actor, params.type, query),
});
