import { defineRoute } from "#lib/console/define-route.ts";
import { changeMember, removeMember, showMember } from "#lib/console/members.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { memberParams } from "#lib/contract/params.ts";
import { memberUpdate } from "#lib/contract/team.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "team.read",
    params: memberParams,
    run: ({ actor, params }) => showMember(actor, { teamId: params.id, userId: params.userId }),
  }),
  PATCH: defineRoute({
    can: "team.member.update",
    params: memberParams,
    input: memberUpdate,
    run: ({ actor, params, input }) =>
      changeMember(actor, { teamId: params.id, userId: params.userId }, input),
  }),
  DELETE: defineRoute({
    can: "team.member.remove",
    params: memberParams,
    run: ({ actor, params }) => removeMember(actor, { teamId: params.id, userId: params.userId }),
  }),
});
