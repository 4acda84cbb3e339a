import { removeCacheEntry } from "#lib/console/cache-entries.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  DELETE: defineRoute({
    can: "cache.clear",
    params: idParams,
    run: ({ actor, params }) => removeCacheEntry(actor, params.id),
  }),
});
