import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { changeTeam, removeTeam, showTeam } from "#lib/console/teams.ts";
import { idParams } from "#lib/contract/params.ts";
import { teamUpdate } from "#lib/contract/team.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "team.read",
    params: idParams,
    run: ({ actor, params }) => showTeam(actor, params.id),
  }),
  PATCH: defineRoute({
    can: "team.update",
    fields: FIELD_ACTIONS.team,
    params: idParams,
    input: teamUpdate,
    run: ({ actor, params, input }) => changeTeam(actor, params.id, input),
  }),
  DELETE: defineRoute({
    can: "team.delete",
    params: idParams,
    run: ({ actor, params }) => removeTeam(actor, params.id),
  }),
});
