import { createAdminToken, showAdminTokens } from "#lib/console/admin-tokens.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { adminTokenCreate, adminTokenQuery } from "#lib/contract/admin-token.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "token.read",
    query: adminTokenQuery,
    run: ({ query }) => showAdminTokens(query),
  }),
  POST: defineRoute({
    can: "token.create",
    input: adminTokenCreate,
    status: 201,
    run: ({ actor, input }) => createAdminToken(actor, input),
  }),
});
