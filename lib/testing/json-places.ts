/** A JSON value that a test takes apart. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type JsonPath = readonly (string | number)[];

/** The paths of every object in a value, the outermost first, down to `depth` steps. */
export function objectPaths(value: Json, depth: number, path: JsonPath = []): JsonPath[] {
  if (typeof value !== "object" || value === null || path.length > depth) {
    return [];
  }
  const inner = Object.entries(value).flatMap(([name, each]) =>
    objectPaths(each, depth, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return Array.isArray(value) ? inner : [path, ...inner];
}

/**
 * The text of a value with `members` (JSON without its braces) put in front of the object at
 * `path`. It is text that is changed, so that names come through which an object would not keep.
 */
export function withMembers(value: Json, path: JsonPath, members: string): string {
  const mark = "put-the-members-here";
  const copy = structuredClone(value);
  const target = path.reduce<Json>((at, step) => child(at, step), copy);
  if (typeof target !== "object" || target === null || Array.isArray(target)) {
    throw new Error(`There is no object at ${path.join(".")}.`);
  }
  const own = Object.entries(target);
  for (const [name] of own) {
    delete target[name];
  }
  target[mark] = 0;
  for (const [name, each] of own) {
    target[name] = each;
  }
  return JSON.stringify(copy).replace(`"${mark}":0`, members);
}

function child(value: Json, step: string | number): Json {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const found = inner.find(([name]) => name === String(step));
  if (found === undefined) {
    throw new Error(`There is no ${step}.`);
  }
  return found[1];
}
