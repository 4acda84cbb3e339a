import { isRecord } from "#lib/providers/codec/tool-arguments.ts";

type Schema = Record<string, unknown>;

/** A schema in the subset of OpenAPI that every Gemini model takes (Gemini API, type `Schema`). */
export interface ConvertedSchema {
  schema: Schema;
  /** Whether something that restricts values could not be said. */
  isLossy: boolean;
}

/** What the subset has a word for; everything else is left out. */
const KNOWN = [
  "title",
  "description",
  "nullable",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "required",
  "propertyOrdering",
] as const;
/** Words that restrict nothing, or that the subset means without saying them. */
const HARMLESS: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "definitions",
  "default",
  "examples",
  "readOnly",
  "writeOnly",
  "deprecated",
]);
const FORMATS: ReadonlySet<unknown> = new Set([
  "enum",
  "date-time",
  "int32",
  "int64",
  "float",
  "double",
]);

interface Walk {
  root: Schema;
  /** References being followed; meeting one again is recursion. */
  open: readonly string[];
  isLossy: boolean;
}

/** A JSON Schema as an OpenAPI schema: references inlined, unions and nulls in its own words. */
export function convertSchema(schema: Schema): ConvertedSchema {
  const walk: Walk = { root: schema, open: [], isLossy: false };
  const converted = convert(schema, walk);
  return { schema: converted, isLossy: walk.isLossy };
}

function convert(schema: Schema, walk: Walk): Schema {
  if (typeof schema["$ref"] === "string") {
    return followReference(schema["$ref"], schema, walk);
  }
  const result: Schema = {};
  for (const word of KNOWN) {
    if (schema[word] !== undefined) {
      result[word] = schema[word];
    }
  }
  convertType(schema, result);
  convertValues(schema, result, walk);
  convertUnion(schema, result, walk);
  convertChildren(schema, result, walk);
  noteLosses(schema, result, walk);
  return result;
}

function followReference(target: string, schema: Schema, walk: Walk): Schema {
  const found = walk.open.includes(target) ? undefined : resolve(walk.root, target);
  if (!isRecord(found)) {
    // The subset cannot say recursion; an object of any kind is as near as it gets.
    walk.isLossy = true;
    return { type: "object" };
  }
  const { $ref: _, ...beside } = schema;
  const outer = walk.open;
  walk.open = [...outer, target];
  const converted = convert({ ...found, ...beside }, walk);
  walk.open = outer;
  return converted;
}

function resolve(root: Schema, target: string): unknown {
  let value: unknown = root;
  for (const step of target.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    value = isRecord(value) ? value[name] : undefined;
  }
  return value;
}

/** `["string", "null"]` is a nullable string; several other types are alternatives. */
function convertType(schema: Schema, result: Schema): void {
  const { type } = schema;
  if (!Array.isArray(type)) {
    if (typeof type === "string") {
      result["type"] = type;
    }
    return;
  }
  const types: unknown[] = type.filter((name) => name !== "null");
  if (types.length < type.length) {
    result["nullable"] = true;
  }
  if (types.length === 1) {
    result["type"] = types[0];
  } else if (types.length > 1) {
    result["anyOf"] = types.map((name) => ({ type: name }));
  }
}

/** Lists of values are known for strings alone. */
function convertValues(schema: Schema, result: Schema, walk: Walk): void {
  const values = listedValues(schema);
  const texts = values?.filter((value) => value !== null) ?? [];
  if (values !== undefined && texts.length < values.length) {
    result["nullable"] = true;
  }
  if (texts.length > 0 && texts.every((value) => typeof value === "string")) {
    result["type"] = "string";
    result["enum"] = texts;
  } else if (values !== undefined) {
    walk.isLossy = true;
  }
  if (FORMATS.has(schema["format"])) {
    result["format"] = schema["format"];
  } else if (schema["format"] !== undefined) {
    walk.isLossy = true;
  }
}

function listedValues(schema: Schema): unknown[] | undefined {
  if ("const" in schema) {
    return [schema["const"]];
  }
  return Array.isArray(schema["enum"]) ? schema["enum"] : undefined;
}

function convertUnion(schema: Schema, result: Schema, walk: Walk): void {
  const options = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(options)) {
    return;
  }
  const schemas = options.filter((option) => isRecord(option));
  const present = schemas.filter((option) => option["type"] !== "null");
  if (present.length < schemas.length) {
    result["nullable"] = true;
  }
  const [only] = present;
  if (present.length === 1 && only !== undefined) {
    Object.assign(result, { ...convert(only, walk), ...result });
  } else {
    result["anyOf"] = present.map((option) => convert(option, walk));
  }
}

function convertChildren(schema: Schema, result: Schema, walk: Walk): void {
  const { properties, items } = schema;
  if (isRecord(properties)) {
    result["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, convertAny(child, walk)]),
    );
  }
  if (isRecord(items)) {
    result["items"] = convert(items, walk);
  } else if (schema["type"] === "array") {
    // Arrays without `items` are refused.
    result["items"] = {};
  }
}

function convertAny(value: unknown, walk: Walk): Schema {
  if (isRecord(value)) {
    return convert(value, walk);
  }
  walk.isLossy ||= value === false;
  return {};
}

const TREATED: ReadonlySet<string> = new Set([
  ...KNOWN,
  ...HARMLESS,
  "type",
  "enum",
  "const",
  "format",
  "anyOf",
  "oneOf",
  "properties",
  "items",
  "$ref",
]);

function noteLosses(schema: Schema, result: Schema, walk: Walk): void {
  for (const [word, value] of Object.entries(schema)) {
    if (word === "additionalProperties") {
      // Objects get no other properties than the declared ones, so `false` is what happens anyway.
      walk.isLossy ||= isRecord(value) || (value === true && result["properties"] === undefined);
    } else if (!TREATED.has(word)) {
      walk.isLossy = true;
    }
  }
}

/** A full JSON Schema as Gemini takes it: without the line that names its dialect. */
export function withoutDialect({ $schema: _, ...schema }: Schema): Schema {
  return schema;
}
