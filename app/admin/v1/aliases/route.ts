import { createAlias, showAliases } from "#lib/console/aliases.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { aliasCreate, aliasQuery } from "#lib/contract/alias.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "alias.read",
    query: aliasQuery,
    run: ({ actor, query }) => showAliases(actor, query),
  }),
  POST: defineRoute({
    can: "alias.create",
    input: aliasCreate,
    status: 201,
    run: ({ actor, input }) => createAlias(actor, input),
  }),
});
