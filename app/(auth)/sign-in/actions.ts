"use server";

import type { Route } from "next";
import { redirect } from "next/navigation";
import { definePublicAction } from "#lib/console/define-action.ts";
import { signInWithPassword } from "#lib/console/sign-in.ts";
import { type SignInState, signInInput, verdictError } from "#lib/contract/sign-in.ts";

const tryPassword = definePublicAction({
  input: signInInput,
  run: async ({ input }) => ({ verdict: await signInWithPassword(input), to: input.callbackUrl }),
});

/** The sign-in form; it works before and without JavaScript. */
export async function signIn(_before: SignInState, form: FormData): Promise<SignInState> {
  // Whoever calls this by hand sends what they like in place of a form.
  const fields = form instanceof FormData ? Object.fromEntries(form) : {};
  const email = typeof fields["email"] === "string" ? fields["email"] : "";
  const result = await tryPassword(fields);
  if (!result.ok) {
    const isEmpty = Object.keys(result.fieldErrors).length > 0;
    return { email, error: isEmpty ? "Enter your email and your password." : result.formError };
  }
  const { verdict, to } = result.value;
  if (verdict.kind === "accepted") {
    redirect(to as Route);
  }
  return { email, error: verdictError(verdict) };
}
