import type { Dice } from "./fuzz.ts";

/** A JSON schema as zod-openapi writes it (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

/** Where `$ref`s lead: the document's schemas by name. */
export type Schemas = Readonly<Record<string, Schema>>;

const DEEPEST = 6;

const WORDS = ["a", "name-1", "Grüße", "gpt-5.2", "x".repeat(200), "'; drop table users; --", " "];
const PATTERNED = ["a-name", "a", "name=value", "aB1", "*", "a_b", "chat", "A name"];

/**
 * A value that fits a schema as far as the schema says; ids come from `known`, so that some calls
 * meet what is there.
 */
export function sampleOf(
  schema: Schema,
  tools: { schemas: Schemas; dice: Dice; known: readonly string[] },
  depth = 0,
): unknown {
  const { dice, schemas } = tools;
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    return sampleOf(schemas[reference.split("/").at(-1) ?? ""] ?? {}, tools, depth);
  }
  if ("const" in schema) {
    return schema["const"];
  }
  const choices = schema["enum"] ?? schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(choices) && choices.length > 0) {
    const chosen: unknown = dice.pick(choices);
    return "enum" in schema ? chosen : sampleOf(chosen as Schema, tools, depth);
  }
  const [all] = Array.isArray(schema["allOf"]) ? (schema["allOf"] as Schema[]) : [];
  return all === undefined ? sampleOfType(schema, tools, depth) : sampleOf(all, tools, depth);
}

type Tools = Parameters<typeof sampleOf>[1];

function sampleOfType(schema: Schema, tools: Tools, depth: number): unknown {
  const { dice } = tools;
  const type: unknown = Array.isArray(schema["type"]) ? dice.pick(schema["type"]) : schema["type"];
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return dice.below(2) === 0;
    case "integer":
    case "number":
      return numberOf(schema, dice, type === "integer");
    case "array":
      return arrayOf(schema, tools, depth);
    case "object":
      return objectOf(schema, tools, depth);
    case "string":
      return textOf(schema, tools);
    default:
      return dice.pick([null, 1, "x", {}, []]);
  }
}

function numberOf(schema: Schema, dice: Dice, whole: boolean): number {
  const least = Number(schema["minimum"] ?? schema["exclusiveMinimum"] ?? 0);
  const most = Math.min(Number(schema["maximum"] ?? 1000), 2 ** 53 - 1);
  const value = dice.pick([least, most, least + dice.next() * (most - least)]);
  return whole ? Math.round(value) : value;
}

function textOf(schema: Schema, { dice, known }: Tools): string {
  switch (schema["format"]) {
    case "uuid":
      return known.length > 0 && dice.below(4) > 0
        ? dice.pick(known)
        : "0197f0a0-0000-7000-8000-00000000000a";
    case "date-time":
      return new Date(1.7e12 + dice.below(1e11)).toISOString();
    case "date":
      return new Date(1.7e12 + dice.below(1e11)).toISOString().slice(0, 10);
    case "email":
      return `someone-${dice.below(50)}@example.com`;
    case "uri":
      return "https://example.com/path";
    case "cidrv4":
      return "203.0.113.0/24";
    case "cidrv6":
      return "2001:db8::/32";
    default:
      return plainText(schema, dice);
  }
}

function plainText(schema: Schema, dice: Dice): string {
  const pattern = schema["pattern"];
  const most = Number(schema["maxLength"] ?? 10_000);
  const least = Number(schema["minLength"] ?? 0);
  const words = typeof pattern === "string" ? fitting(pattern) : WORDS;
  return dice.pick(words).slice(0, most).padEnd(least, "x");
}

function fitting(pattern: string): readonly string[] {
  const form = new RegExp(pattern, "u");
  const words = PATTERNED.filter((word) => form.test(word));
  return words.length === 0 ? PATTERNED : words;
}

function arrayOf(schema: Schema, tools: Tools, depth: number): unknown[] {
  const least = Number(schema["minItems"] ?? 0);
  const length = depth > DEEPEST ? least : least + tools.dice.below(3);
  const items = (schema["items"] ?? {}) as Schema;
  return Array.from({ length }, () => sampleOf(items, tools, depth + 1));
}

function objectOf(schema: Schema, tools: Tools, depth: number): Record<string, unknown> {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>);
  const required = new Set((schema["required"] ?? []) as string[]);
  const chosen = properties.filter(
    ([name]) => required.has(name) || (depth <= DEEPEST && tools.dice.below(3) === 0),
  );
  return Object.fromEntries(
    chosen.map(([name, inner]) => [name, sampleOf(inner, tools, depth + 1)]),
  );
}
