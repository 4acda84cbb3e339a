import { z } from "zod";
import { safeCallbackUrl } from "./callback-url.ts";
import { PASSWORD_LENGTH } from "./password-length.ts";

/** The fields of the sign-in form, as a browser sends them. */
export const signInInput = z.object({
  email: z.string().trim().min(1, "must be given").max(320).toLowerCase(),
  password: z.string().min(1, "must be given").max(1024),
  callbackUrl: z.string().optional().transform(safeCallbackUrl),
});

/** What the form shows after a try; the same sentence whatever was wrong with the two fields. */
export interface SignInState {
  error: string | null;
  email: string;
}

const WRONG_CREDENTIALS = "Email or password is wrong";

/** A password to set: its length is the one rule, and it must not be the address. */
export const newPassword = z
  .string()
  .min(PASSWORD_LENGTH.least, `must have at least ${PASSWORD_LENGTH.least} characters`)
  .max(PASSWORD_LENGTH.most, `may have at most ${PASSWORD_LENGTH.most} characters`);

/** "Try again in 3 min", never less than one. */
function waitText(waitMs: number): string {
  return `Try again in ${Math.max(1, Math.ceil(waitMs / 60_000))} min.`;
}

/** What somebody is told whose password was looked at; `null` when it was right. */
export function verdictError(
  verdict: { kind: "accepted" | "refused" } | { kind: "wait"; waitMs: number },
  wrong = WRONG_CREDENTIALS,
): string | null {
  if (verdict.kind === "accepted") {
    return null;
  }
  return verdict.kind === "wait" ? waitText(verdict.waitMs) : wrong;
}
