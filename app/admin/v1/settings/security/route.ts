import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { changeSettings, showSettings } from "#lib/console/settings.ts";
import { securityChange } from "#lib/contract/settings.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "setting.read",
    run: ({ actor }) => showSettings(actor, "security"),
  }),
  PATCH: defineRoute({
    can: "setting.update",
    input: securityChange,
    run: ({ actor, input }) => changeSettings(actor, "security", input),
  }),
});
