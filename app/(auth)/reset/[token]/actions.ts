"use server";

import type { Route } from "next";
import { redirect } from "next/navigation";
import { definePublicAction } from "#lib/console/define-action.ts";
import { resetPassword } from "#lib/console/password-resets.ts";
import { signInAs } from "#lib/console/sign-in.ts";
import { passwordReset } from "#lib/contract/people.ts";

export const reset = definePublicAction({
  input: passwordReset,
  run: async ({ visitor, input }) => {
    const { userId } = await resetPassword(visitor, input);
    await signInAs(userId, "password");
    redirect("/overview" as Route);
  },
});
