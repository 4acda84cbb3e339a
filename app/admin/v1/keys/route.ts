import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { createApiKey, showApiKeys } from "#lib/console/api-keys.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { apiKeyCreate, apiKeyQuery } from "#lib/contract/api-key.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "key.read",
    query: apiKeyQuery,
    run: ({ actor, query }) => showApiKeys(actor, query),
  }),
  POST: defineRoute({
    can: "key.create",
    fields: FIELD_ACTIONS.key,
    input: apiKeyCreate,
    status: 201,
    run: ({ actor, input }) => createApiKey(actor, input),
  }),
});
