"use server";

import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { addMember as add, changeMember, removeMember as remove } from "#lib/console/members.ts";
import { deleteTeamWithKeys } from "#lib/console/team-removal.ts";
import { changeTeam, createTeam as create } from "#lib/console/teams.ts";
import { teamRemoval } from "#lib/contract/people.ts";
import { teamCreate } from "#lib/contract/team.ts";
import { memberAdd, memberRef, memberRole, teamEdit } from "#lib/contract/team-console.ts";

export const createTeam = defineAction({
  can: "team.create",
  fields: FIELD_ACTIONS.team,
  input: teamCreate,
  run: ({ actor, input }) => create(actor, input),
});

export const updateTeam = defineAction({
  can: "team.update",
  fields: FIELD_ACTIONS.team,
  input: teamEdit,
  run: ({ actor, input: { id, ...input } }) => changeTeam(actor, id, input),
});

export const deleteTeam = defineAction({
  can: "team.delete",
  stepUp: true,
  input: teamRemoval,
  run: ({ actor, input }) => deleteTeamWithKeys(actor, input),
});

export const addMember = defineAction({
  can: "team.member.add",
  input: memberAdd,
  run: ({ actor, input: { id, ...input } }) => add(actor, id, input),
});

export const setMemberRole = defineAction({
  can: "team.member.update",
  input: memberRole,
  run: ({ actor, input: { id, user_id: userId, role } }) =>
    changeMember(actor, { teamId: id, userId }, { role }),
});

export const removeMember = defineAction({
  can: "team.member.remove",
  input: memberRef,
  run: ({ actor, input: { id, user_id: userId } }) => remove(actor, { teamId: id, userId }),
});
