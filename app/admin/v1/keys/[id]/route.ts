import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { changeApiKey } from "#lib/console/api-key-changes.ts";
import { endApiKey } from "#lib/console/api-key-endings.ts";
import { showApiKey } from "#lib/console/api-keys.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { apiKeyUpdate } from "#lib/contract/api-key.ts";
import { idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "key.read",
    params: idParams,
    run: ({ actor, params }) => showApiKey(actor, params.id),
  }),
  PATCH: defineRoute({
    can: "key.update",
    fields: FIELD_ACTIONS.keyUpdate,
    params: idParams,
    input: apiKeyUpdate,
    run: ({ actor, params, input }) => changeApiKey(actor, params.id, input),
  }),
  DELETE: defineRoute({
    can: "key.revoke",
    params: idParams,
    run: ({ actor, params }) => endApiKey(actor, params.id),
  }),
});
