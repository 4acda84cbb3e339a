import { ConduitError } from "#lib/errors.ts";

const DAY_MS = 86_400_000;

/**
 * The expiry that `expires_in_days` or `expires_at` asks for; `undefined` leaves it as it is.
 * Throws 400 when both are given, or for a moment that has passed.
 */
export function expiryOf(input: {
  expires_in_days?: number | undefined;
  expires_at?: Date | null | undefined;
}): Date | null | undefined {
  const { expires_in_days: days, expires_at: at } = input;
  if (days !== undefined && at !== undefined) {
    throw new ConduitError("invalid_value", {
      message: "'expires_in_days' and 'expires_at' cannot both be given.",
      param: "expires_in_days",
    });
  }
  if (days !== undefined) {
    return new Date(Date.now() + days * DAY_MS);
  }
  if (at instanceof Date && at.getTime() <= Date.now()) {
    throw new ConduitError("invalid_value", {
      message: "'expires_at' has to be in the future.",
      param: "expires_at",
    });
  }
  return at;
}
