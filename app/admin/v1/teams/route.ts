import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { createTeam, showTeams } from "#lib/console/teams.ts";
import { teamCreate, teamQuery } from "#lib/contract/team.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "team.read",
    query: teamQuery,
    run: ({ actor, query }) => showTeams(actor, query),
  }),
  POST: defineRoute({
    can: "team.create",
    fields: FIELD_ACTIONS.team,
    input: teamCreate,
    status: 201,
    run: ({ actor, input }) => createTeam(actor, input),
  }),
});
