import { simulateAlias } from "#lib/console/alias-simulation.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { aliasSimulate } from "#lib/contract/alias.ts";
import { nameParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "alias.simulate",
    params: nameParams,
    input: aliasSimulate,
    run: ({ actor, params, input }) => simulateAlias(actor, params.name, input),
  }),
});
