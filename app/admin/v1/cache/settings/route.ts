import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { changeSettings, showSettings } from "#lib/console/settings.ts";
import { cacheChange } from "#lib/contract/settings.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "cache.read",
    run: ({ actor }) => showSettings(actor, "cache"),
  }),
  PATCH: defineRoute({
    can: "cache.set",
    input: cacheChange,
    run: ({ actor, input }) => changeSettings(actor, "cache", input),
  }),
});
