import { ConduitError } from "#lib/errors.ts";

/**
 * Throws 400 when any text in a parsed value, names of fields included, cannot be kept in
 * Postgres: it holds a NUL, or half of a surrogate pair. `readJson` bounds how deep it may go.
 */
export function assertStorable(value: unknown, path = ""): void {
  if (typeof value === "string") {
    assertText(value, path);
    return;
  }
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    assertText(key, path);
    assertStorable(inner, path === "" ? key : `${path}.${key}`);
  }
}

function assertText(text: string, path: string): void {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new ConduitError("invalid_value", {
      message: `${path === "" ? "The request" : `'${path}'`} holds a character that is no text.`,
      param: path === "" ? undefined : path,
    });
  }
}
