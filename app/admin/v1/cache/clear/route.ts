import { clearCache } from "#lib/console/cache-entries.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { cacheClear } from "#lib/contract/cache.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "cache.clear",
    input: cacheClear,
    run: ({ actor, input }) => clearCache(actor, input),
  }),
});
