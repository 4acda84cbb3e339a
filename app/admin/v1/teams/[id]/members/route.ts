import { defineRoute } from "#lib/console/define-route.ts";
import { addMember, showMembers } from "#lib/console/members.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { listQuery } from "#lib/contract/paging.ts";
import { idParams } from "#lib/contract/params.ts";
import { memberCreate } from "#lib/contract/team.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "team.read",
    params: idParams,
    query: listQuery,
    run: ({ actor, params, query }) => showMembers(actor, params.id, query),
  }),
  POST: defineRoute({
    can: "team.member.add",
    params: idParams,
    input: memberCreate,
    status: 201,
    run: ({ actor, params, input }) => addMember(actor, params.id, input),
  }),
});
