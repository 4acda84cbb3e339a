"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { defineAction, definePublicAction } from "#lib/console/define-action.ts";
import { savePreferences as save } from "#lib/console/preferences.ts";
import {
  confirmPassword as confirm,
  signOut as endSession,
  signInWithPassword,
} from "#lib/console/sign-in.ts";
import { preferencesInput } from "#lib/contract/preferences-schema.ts";
import { signInInput, verdictError } from "#lib/contract/sign-in.ts";

export const savePreferences = defineAction({
  can: "profile.use",
  input: preferencesInput,
  run: ({ actor, input }) => save(actor, input),
});

export const signOut = defineAction({
  can: "profile.use",
  input: z.strictObject({}),
  run: async () => {
    await endSession();
    redirect("/sign-in");
  },
});

/** A fresh proof of identity, over the page. */
export const confirmPassword = defineAction({
  can: "profile.use",
  input: signInInput.pick({ password: true }),
  run: async ({ input }) => ({
    error: verdictError(await confirm(input.password), "The password is wrong"),
  }),
});

/** Signs in again over a page whose session has ended. */
export const signInAgain = definePublicAction({
  input: signInInput,
  run: async ({ input }) => ({ error: verdictError(await signInWithPassword(input)) }),
});
