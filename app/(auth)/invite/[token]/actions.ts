"use server";

import type { Route } from "next";
import { redirect } from "next/navigation";
import { definePublicAction } from "#lib/console/define-action.ts";
import { acceptInvite } from "#lib/console/invite-accept.ts";
import { signInAs } from "#lib/console/sign-in.ts";
import { inviteAccept } from "#lib/contract/people.ts";

export const accept = definePublicAction({
  input: inviteAccept,
  run: async ({ visitor, input }) => {
    const { userId } = await acceptInvite(visitor, input);
    await signInAs(userId, "password");
    redirect("/overview" as Route);
  },
});
