import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { removeVersion, showVersion } from "#lib/console/prompt-versions.ts";
import { promptVersionParams } from "#lib/contract/prompt.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "prompt.read",
    params: promptVersionParams,
    run: ({ actor, params }) => showVersion(actor, params.name, params.version),
  }),
  DELETE: defineRoute({
    can: "prompt.write",
    params: promptVersionParams,
    run: ({ actor, params }) => removeVersion(actor, params.name, params.version),
  }),
});
