"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";
import {
  endOtherSessions,
  endOwnSession,
  changePassword as setPassword,
  changeProfile as setProfile,
} from "#lib/console/profile.ts";
import { renewSession } from "#lib/console/sign-in.ts";
import { idParams } from "#lib/contract/params.ts";
import { passwordChange, profileInput } from "#lib/contract/profile.ts";

export const changeProfile = defineAction({
  can: "profile.use",
  input: profileInput,
  run: ({ actor, input }) => setProfile(actor, input),
});

export const changePassword = defineAction({
  can: "profile.use",
  input: passwordChange,
  run: async ({ actor, input }) => {
    await setPassword(actor, input);
    await renewSession();
  },
});

export const revokeSession = defineAction({
  can: "profile.use",
  input: idParams,
  run: ({ actor, input }) => endOwnSession(actor, input),
});

export const signOutElsewhere = defineAction({
  can: "profile.use",
  input: z.strictObject({}),
  run: ({ actor }) => endOtherSessions(actor),
});
