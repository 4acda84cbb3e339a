import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { changeUser, removeUser, showUser } from "#lib/console/users.ts";
import { idParams } from "#lib/contract/params.ts";
import { userUpdate } from "#lib/contract/user.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "user.read",
    params: idParams,
    run: ({ actor, params }) => showUser(actor, params.id),
  }),
  PATCH: defineRoute({
    can: "user.update",
    fields: FIELD_ACTIONS.user,
    params: idParams,
    input: userUpdate,
    run: ({ actor, params, input }) => changeUser(actor, params.id, input),
  }),
  DELETE: defineRoute({
    can: "user.delete",
    params: idParams,
    run: ({ actor, params }) => removeUser(actor, params.id),
  }),
});
