import { endAdminToken } from "#lib/console/admin-tokens.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { idParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  DELETE: defineRoute({
    can: "token.revoke",
    params: idParams,
    run: ({ actor, params }) => endAdminToken(actor, params.id),
  }),
});
