import { ConduitError } from "#lib/errors.ts";

/** Throws `invalid_value` (400) for a password that is the address itself. Length is the schema's. */
export function assertPasswordFits(password: string, email: string): void {
  if (password.trim().toLowerCase() === email) {
    throw new ConduitError("invalid_value", {
      message: "The password must not be the email address.",
      param: "password",
    });
  }
}
