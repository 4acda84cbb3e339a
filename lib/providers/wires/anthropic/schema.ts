import { isRecord } from "#lib/providers/codec/tool-arguments.ts";

type Schema = Record<string, unknown>;

/** A schema in the subset that Claude can be held to. */
export interface ConstrainedSchema {
  schema: Schema;
  /** Rules that the subset lacks and that the description now tells instead. */
  isLoosened: boolean;
}

/** Rules that constrained decoding does not know (Claude API docs, "Structured outputs"). */
const UNKNOWN_RULES = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
] as const;
const KNOWN_FORMATS: ReadonlySet<unknown> = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "uri",
  "ipv4",
  "ipv6",
  "uuid",
]);
/** Words about a schema that say nothing about values. */
const ANNOTATIONS = ["$schema", "$id", "$comment", "examples"] as const;
/** Rules whose meaning would be lost, so that the schema needs another way altogether. */
const IMPOSSIBLE = ["not", "if", "patternProperties", "propertyNames", "dependentSchemas"] as const;

/**
 * The schema with every object closed and without the rules that Claude's constrained decoding does
 * not know. `undefined` when it cannot be expressed: open objects (maps), recursion, negation.
 */
export function constrainSchema(schema: Schema): ConstrainedSchema | undefined {
  if (schema["type"] !== "object" || isRecursive(schema)) {
    return undefined;
  }
  const walk: Walk = { isLoosened: false, isPossible: true };
  const constrained = constrain(schema, walk);
  return walk.isPossible ? { schema: constrained, isLoosened: walk.isLoosened } : undefined;
}

interface Walk {
  isLoosened: boolean;
  isPossible: boolean;
}

function constrain(schema: Schema, walk: Walk): Schema {
  const result: Schema = { ...schema };
  if (IMPOSSIBLE.some((rule) => rule in result)) {
    walk.isPossible = false;
  }
  for (const word of ANNOTATIONS) {
    delete result[word];
  }
  for (const list of ["anyOf", "oneOf", "allOf"] as const) {
    const value = result[list];
    if (Array.isArray(value)) {
      delete result[list];
      result[list === "oneOf" ? "anyOf" : list] = value.map((entry) => constrainAny(entry, walk));
    }
  }
  if (isRecord(result["items"])) {
    result["items"] = constrain(result["items"], walk);
  }
  for (const named of ["properties", "$defs", "definitions"] as const) {
    if (isRecord(result[named])) {
      result[named] = mapValues(result[named], (entry) => constrainAny(entry, walk));
    }
  }
  closeObject(result, walk);
  moveRules(result, walk);
  return result;
}

function constrainAny(value: unknown, walk: Walk): unknown {
  return isRecord(value) ? constrain(value, walk) : value;
}

function closeObject(schema: Schema, walk: Walk): void {
  const isObject = schema["type"] === "object" || isRecord(schema["properties"]);
  if (!isObject) {
    return;
  }
  const extra = schema["additionalProperties"];
  const isEmpty = !isRecord(schema["properties"]);
  if ((extra !== undefined && extra !== false) || (isEmpty && extra !== false)) {
    walk.isPossible = false;
  }
  schema["additionalProperties"] = false;
}

/** Takes out the unknown rules and tells them in the description, for the model to keep by itself. */
function moveRules(schema: Schema, walk: Walk): void {
  const told: string[] = [];
  for (const rule of UNKNOWN_RULES) {
    if (schema[rule] !== undefined) {
      told.push(`${rule}: ${JSON.stringify(schema[rule])}`);
      delete schema[rule];
    }
  }
  if (typeof schema["minItems"] === "number" && schema["minItems"] > 1) {
    told.push(`minItems: ${schema["minItems"]}`);
    delete schema["minItems"];
  }
  if (schema["format"] !== undefined && !KNOWN_FORMATS.has(schema["format"])) {
    told.push(`format: ${JSON.stringify(schema["format"])}`);
    delete schema["format"];
  }
  if (told.length > 0) {
    walk.isLoosened = true;
    const description = typeof schema["description"] === "string" ? schema["description"] : "";
    schema["description"] = `${description} (${told.join(", ")})`.trimStart();
  }
}

function mapValues(record: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** Whether following `$ref`s inside the schema comes back to where it has been. */
function isRecursive(root: Schema): boolean {
  const visit = (value: unknown, open: readonly string[]): boolean => {
    if (Array.isArray(value)) {
      return value.some((entry) => visit(entry, open));
    }
    if (!isRecord(value)) {
      return false;
    }
    const target = value["$ref"];
    if (typeof target === "string") {
      return open.includes(target) || visit(resolveReference(root, target), [...open, target]);
    }
    return Object.entries(value).some(
      ([name, entry]) => name !== "$defs" && name !== "definitions" && visit(entry, open),
    );
  };
  return visit(root, ["#"]);
}

/** What a local reference such as `#/$defs/node` points at. */
function resolveReference(root: Schema, target: string): unknown {
  let value: unknown = root;
  for (const step of target.replace(/^#\/?/, "").split("/")) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    value = isRecord(value) ? value[name] : undefined;
  }
  return value;
}
