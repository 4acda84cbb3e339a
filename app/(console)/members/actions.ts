"use server";

import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { inviteMembers as invite, resendInvite, revokeInvite } from "#lib/console/invites.ts";
import { createResetLink } from "#lib/console/password-resets.ts";
import { removePerson } from "#lib/console/person-removal.ts";
import { changeUser } from "#lib/console/users.ts";
import { idParams } from "#lib/contract/params.ts";
import { inviteCreate, personRemoval, roleChange, suspension } from "#lib/contract/people.ts";

export const inviteMembers = defineAction({
  can: "user.invite",
  stepUp: ({ role }) => role === "admin",
  input: inviteCreate,
  run: ({ actor, input }) => invite(actor, input),
});

export const resend = defineAction({
  can: "user.invite",
  input: idParams,
  run: ({ actor, input }) => resendInvite(actor, input.id),
});

export const revoke = defineAction({
  can: "user.invite",
  input: idParams,
  run: ({ actor, input }) => revokeInvite(actor, input.id),
});

export const setRole = defineAction({
  can: "user.update",
  fields: FIELD_ACTIONS.user,
  stepUp: true,
  input: roleChange,
  run: ({ actor, input }) => changeUser(actor, input.id, { role: input.role }),
});

export const setSuspended = defineAction({
  can: "user.update",
  fields: FIELD_ACTIONS.user,
  stepUp: true,
  input: suspension,
  run: ({ actor, input }) => changeUser(actor, input.id, { is_suspended: input.is_suspended }),
});

export const removeMember = defineAction({
  can: "user.delete",
  stepUp: true,
  input: personRemoval,
  run: ({ actor, input }) => removePerson(actor, input),
});

export const makeResetLink = defineAction({
  can: "user.update",
  stepUp: true,
  input: idParams,
  run: ({ actor, input }) => createResetLink(actor, input.id),
});
