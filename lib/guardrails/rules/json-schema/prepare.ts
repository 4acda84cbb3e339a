import {
  dereference,
  format,
  type Schema,
  type SchemaDraft,
  Validator,
} from "@cfworker/json-schema";
import { RE2JS } from "re2js";

/** A schema that is ready to judge, and what the judge has to look out for. */
export interface PreparedSchema {
  validator: Validator;
  /** Whether elements of lists are compared with each other, which takes the square of their number. */
  comparesItems: boolean;
}

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 48;
const MAX_PATTERN = 1024;

const DRAFTS: readonly (readonly [RegExp, SchemaDraft])[] = [
  [/draft-0?4/, "4"],
  [/draft-0?[67]/, "7"],
  [/2019-09/, "2019-09"],
  [/2020-12/, "2020-12"],
];

const TYPES = new Set(["null", "boolean", "object", "array", "number", "string", "integer"]);

/** Formats that are checked. Of the others the validator knows some by expressions that never end. */
const FORMATS = new Set([
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
  "uri",
]);

type Json = Record<string, unknown>;
type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isNumber: Test = (value) => typeof value === "number";
const isCount: Test = (value) => Number.isInteger(value) && Number(value) >= 0;
const isTrueOrFalse: Test = (value) => typeof value === "boolean";
const isTexts: Test = (value) => Array.isArray(value) && value.every(isText);
const isType: Test = (value) =>
  (Array.isArray(value) ? value : [value]).every((name) => TYPES.has(String(name)));

/** What each keyword has to be; a keyword that is wrong would be passed over in silence. */
const KEYWORDS: Readonly<Record<string, readonly [Test, string]>> = {
  type: [isType, "one of, or a list of, null, boolean, object, array, number, string, integer"],
  enum: [Array.isArray, "a list"],
  required: [isTexts, "a list of names"],
  pattern: [isText, "a text"],
  format: [isText, "a text"],
  $ref: [isText, "a text"],
  minLength: [isCount, "a whole number"],
  maxLength: [isCount, "a whole number"],
  minItems: [isCount, "a whole number"],
  maxItems: [isCount, "a whole number"],
  minProperties: [isCount, "a whole number"],
  maxProperties: [isCount, "a whole number"],
  minimum: [isNumber, "a number"],
  maximum: [isNumber, "a number"],
  multipleOf: [(value) => isNumber(value) && Number(value) > 0, "a number above 0"],
  uniqueItems: [isTrueOrFalse, "true or false"],
};

const ONE_SCHEMA = new Set([
  "not",
  "if",
  "then",
  "else",
  "contains",
  "additionalProperties",
  "additionalItems",
  "unevaluatedItems",
  "unevaluatedProperties",
  "propertyNames",
]);
const SCHEMA_LISTS = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const SCHEMA_MAPS = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);

/**
 * Checks a schema and makes it ready. Throws an error that names the place, as `/properties/age`, for
 * one that could not be followed: a wrong keyword, a reference to nothing, a pattern that cannot be
 * matched in linear time.
 */
export function prepareSchema(given: Readonly<Json>): PreparedSchema {
  const text = JSON.stringify(given);
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new Error(`The schema is longer than ${MAX_BYTES / 1024} KiB.`);
  }
  // A copy: patterns are replaced in it, and the validator writes addresses into it.
  const schema: Json = JSON.parse(text);
  const found = { comparesItems: false };
  walk(schema, { place: "", depth: 0, found });
  assertReferences(schema);
  const draft = DRAFTS.find(([name]) => name.test(String(schema["$schema"] ?? "")))?.[1];
  return { validator: new Validator(schema, draft ?? "2020-12", true), ...found };
}

interface Spot {
  place: string;
  depth: number;
  found: { comparesItems: boolean };
}

function walk(schema: unknown, spot: Spot): void {
  const { place, depth, found } = spot;
  if (typeof schema === "boolean") {
    return;
  }
  if (!isObject(schema)) {
    throw wrong(place, "has to be a schema: an object, true or false");
  }
  if (depth > MAX_DEPTH) {
    throw wrong(place, `is nested deeper than ${MAX_DEPTH} levels`);
  }
  for (const [name, value] of Object.entries(schema)) {
    const [test, kind] = KEYWORDS[name] ?? [];
    if (test?.(value) === false) {
      throw wrong(`${place}/${name}`, `has to be ${kind}`);
    }
    for (const [key, inner] of schemasIn(name, value, `${place}/${name}`)) {
      walk(inner, { place: `${place}/${key}`, depth: depth + 1, found });
    }
  }
  found.comparesItems ||= schema["uniqueItems"] === true;
  settleTexts(schema, place);
}

/** The schemas that stand below a keyword, by their way from the schema that has it. */
function schemasIn(name: string, value: unknown, place: string): [string, unknown][] {
  if (name === "patternProperties") {
    throw wrong(place, "is not supported; name the properties, or use propertyNames");
  }
  if (ONE_SCHEMA.has(name) || (name === "items" && !Array.isArray(value))) {
    return [[name, value]];
  }
  if (SCHEMA_LISTS.has(name) || name === "items") {
    if (!Array.isArray(value)) {
      throw wrong(place, "has to be a list of schemas");
    }
    return value.map((inner, at) => [`${name}/${at}`, inner]);
  }
  if (!SCHEMA_MAPS.has(name)) {
    return [];
  }
  if (!isObject(value)) {
    throw wrong(place, "has to be an object of schemas");
  }
  return Object.entries(value).map(([key, inner]) => [`${name}/${key}`, inner]);
}

/** Replaces a pattern by a format of its own, which is matched in linear time. */
function settleTexts(schema: Json, place: string): void {
  if (typeof schema["format"] === "string" && !FORMATS.has(schema["format"])) {
    delete schema["format"];
  }
  const { pattern } = schema;
  if (typeof pattern !== "string") {
    return;
  }
  const all = Array.isArray(schema["allOf"]) ? schema["allOf"] : [];
  schema["allOf"] = [...all, { format: formatOf(pattern, `${place}/pattern`) }];
  delete schema["pattern"];
}

/** The validator looks formats up in a table of its package, by names that nobody else uses. */
function formatOf(pattern: string, place: string): string {
  const name = `conduit-pattern ${pattern}`;
  format[name] ??= matcherOf(pattern, place);
  return name;
}

function matcherOf(pattern: string, place: string): (text: string) => boolean {
  if (pattern.length > MAX_PATTERN) {
    throw wrong(place, `is longer than ${MAX_PATTERN} characters`);
  }
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "it does not compile";
    throw wrong(place, `is not a pattern that can be matched in linear time (${why})`);
  }
}

function assertReferences(schema: Json): void {
  const known = dereference(structuredClone(schema) as Schema);
  for (const one of Object.values(known)) {
    const address = typeof one === "object" ? one.__absolute_ref__ : undefined;
    if (address !== undefined && known[address] === undefined) {
      throw new Error(`The schema refers to ${String((one as Json)["$ref"])}, which is not in it.`);
    }
  }
}

function wrong(place: string, what: string): Error {
  return new Error(`In the schema, ${place === "" ? "the root" : place} ${what}.`);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
