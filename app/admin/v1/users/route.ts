import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { createUser, showUsers } from "#lib/console/users.ts";
import { userCreate, userQuery } from "#lib/contract/user.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "user.read",
    query: userQuery,
    run: ({ actor, query }) => showUsers(actor, query),
  }),
  POST: defineRoute({
    can: "user.create",
    fields: FIELD_ACTIONS.user,
    input: userCreate,
    status: 201,
    run: ({ actor, input }) => createUser(actor, input),
  }),
});
