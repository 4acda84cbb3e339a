import { ConduitError } from "#lib/errors.ts";

const MAX_DEPTH = 64;
/** Values and characters of a whole input. No form and no body comes near either. */
const MAX_VALUES = 20_000;
const MAX_CHARACTERS = 4_000_000;

/**
 * Throws 400 for an input that is more than plain data of a sensible size, or whose text, names of
 * fields included, cannot be kept in Postgres: it holds a NUL, or half of a surrogate pair.
 *
 * The arguments of a server action may reach one object by several ways, and even from within
 * itself. What is counted here is what the input unfolds to: a few hundred bytes that stand for
 * millions of values end at the limit, and whoever walks the input after this is bounded by it too.
 */
export function assertStorable(input: unknown): void {
  walk(input, "", { depth: 0, left: { values: MAX_VALUES, characters: MAX_CHARACTERS } });
}

interface Walk {
  depth: number;
  left: { values: number; characters: number };
}

function walk(value: unknown, path: string, { depth, left }: Walk): void {
  countValue(depth, left);
  if (typeof value === "string") {
    assertText(value, path, left);
    return;
  }
  assertPlain(value, path);
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    assertText(key, path, left);
    walk(inner, path === "" ? key : `${path}.${key}`, { depth: depth + 1, left });
  }
}

function countValue(depth: number, left: Walk["left"]): void {
  left.values -= 1;
  if (depth > MAX_DEPTH) {
    throw refused("", "is nested too deeply");
  }
  if (left.values < 0) {
    throw refused("", "has too many values");
  }
}

/** Maps, forms, promises and the like hold values that nobody would look at. */
function assertPlain(value: unknown, path: string): void {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const prototype: unknown = isObject ? Object.getPrototypeOf(value) : null;
  const isForeign = prototype !== null && prototype !== Object.prototype;
  if (isForeign || typeof value === "function" || typeof value === "symbol") {
    throw refused(path, "is not plain data");
  }
}

function assertText(text: string, path: string, left: Walk["left"]): void {
  left.characters -= text.length;
  if (left.characters < 0) {
    throw refused("", "is too long");
  }
  if (text.includes("\0") || !text.isWellFormed()) {
    throw refused(path, "holds a character that is no text");
  }
}

function refused(path: string, why: string): ConduitError {
  return new ConduitError("invalid_value", {
    message: `${path === "" ? "The request" : `'${path}'`} ${why}.`,
    param: path === "" ? undefined : path,
  });
}
