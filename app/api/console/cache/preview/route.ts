import { clearCache } from "#lib/console/cache-entries.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { cachePreviewQuery } from "#lib/contract/cache-console.ts";

export const GET = defineIsland({
  can: "cache.clear",
  query: cachePreviewQuery,
  run: ({ actor, query }) => clearCache(actor, { ...query, dry_run: true }),
});
