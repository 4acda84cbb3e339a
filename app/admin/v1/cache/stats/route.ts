import { showCacheStats } from "#lib/console/cache-stats.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { cacheStatsQuery } from "#lib/contract/cache.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "cache.read",
    query: cacheStatsQuery,
    run: ({ actor, query }) => showCacheStats(actor, query),
  }),
});
