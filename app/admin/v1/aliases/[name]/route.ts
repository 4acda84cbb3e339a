import { changeAlias, removeAlias, showAlias } from "#lib/console/aliases.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { aliasUpdate } from "#lib/contract/alias.ts";
import { nameParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "alias.read",
    params: nameParams,
    run: ({ actor, params }) => showAlias(actor, params.name),
  }),
  PATCH: defineRoute({
    can: "alias.update",
    params: nameParams,
    input: aliasUpdate,
    run: ({ actor, params, input }) => changeAlias(actor, params.name, input),
  }),
  DELETE: defineRoute({
    can: "alias.delete",
    params: nameParams,
    run: ({ actor, params }) => removeAlias(actor, params.name),
  }),
});
