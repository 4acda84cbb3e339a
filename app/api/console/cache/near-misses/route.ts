import { showNearMisses } from "#lib/console/cache-similarity.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { nearMissQuery } from "#lib/contract/cache-console.ts";

export const GET = defineIsland({
  can: "cache.set",
  query: nearMissQuery,
  run: ({ actor, query }) => showNearMisses(actor, query),
});
