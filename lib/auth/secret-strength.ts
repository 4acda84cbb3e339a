import { SettingsError } from "#lib/env.ts";

/** The admin key of the quick start; it works in development only. */
export const DEVELOPMENT_ADMIN_KEY = "cnd_admin_dev_key_do_not_use_in_prod";

const LEAST_CHARACTERS = 32;
/** Fewer different characters than this cannot be 32 random ones of any usual alphabet. */
const LEAST_DISTINCT = 8;

/** Words of examples and templates, which somebody copied instead of making a secret. */
const EXAMPLE_WORDS =
  /change.?(me|this|it)|do.?not.?use|your.{0,3}(secret|key|token)|replace|example|placeholder|insecure|password|default.?(secret|key)|dev.?(secret|key)|test.?(secret|key)|my.?secret|super.?secret|12345678|abcdefgh/i;

/** Throws `SettingsError` for a secret that is short, repetitive or an example's. */
export function assertStrong(name: string, value: string): void {
  const reason = weaknessOf(value);
  if (reason !== undefined) {
    throw new SettingsError(`${name} ${reason}. Make one with: openssl rand -hex 32`);
  }
}

function weaknessOf(value: string): string | undefined {
  if (value === DEVELOPMENT_ADMIN_KEY) {
    return "is the development key of the quick start, which is public";
  }
  if (value.length < LEAST_CHARACTERS) {
    return `is shorter than ${LEAST_CHARACTERS} characters`;
  }
  if (new Set(value).size < LEAST_DISTINCT) {
    return "repeats too few characters to be random";
  }
  if (EXAMPLE_WORDS.test(value)) {
    return "reads like an example that was copied";
  }
  return undefined;
}
