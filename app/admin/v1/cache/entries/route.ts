import { showCacheEntries } from "#lib/console/cache-entries.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { cacheEntryQuery } from "#lib/contract/cache.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "cache.read",
    query: cacheEntryQuery,
    run: ({ actor, query }) => showCacheEntries(actor, query),
  }),
});
