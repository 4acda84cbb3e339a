import { z } from "zod";
import type { ConfigField, FormOption, RuleForm } from "#lib/contract/guardrail-form.ts";
import { listRules } from "#lib/guardrails/rules/index.ts";
import { configSchemaOf } from "./guardrail-view.ts";

/** The parts of a JSON Schema that a form is drawn from; the rest is for the server to judge. */
const schemaNode = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
  format: z.string().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type SchemaNode = z.infer<typeof schemaNode>;

const objectNode = z.object({
  properties: z.record(z.string(), schemaNode).default({}),
  required: z.array(z.string()).default([]),
});

/** Every type of rule with the fields of its form, as its own schema describes them. */
export function showRuleForms(): RuleForm[] {
  return listRules().map((rule) => {
    const { type, label, description, stages, actions, secret } = rule;
    return {
      type,
      label,
      description,
      stages: [...stages],
      actions: [...actions],
      secret: secret ?? null,
      fields: fieldsOf(configSchemaOf(rule)),
    };
  });
}

/** The fields of a schema of an object, in its order. */
function fieldsOf(schema: Record<string, unknown>): ConfigField[] {
  const { properties, required } = objectNode.parse(schema);
  return Object.entries(properties).map(([name, property]) => {
    const node = withoutNull(property);
    return {
      name,
      title: node.title ?? property.title ?? inWords(name),
      description: property.description ?? node.description ?? null,
      isRequired: required.includes(name),
      ...controlOf(node, property.default),
    };
  });
}

/** A value that may be null is left out by an empty field, and described by its other branch. */
function withoutNull(node: SchemaNode): SchemaNode {
  const branches = (node.anyOf ?? []).map((each) => schemaNode.parse(each));
  const others = branches.filter(({ type }) => type !== "null");
  return branches.length === others.length + 1 && others[0] !== undefined && others.length === 1
    ? others[0]
    : node;
}

/** As each kind of field is, but for its frame. */
type ConfigControl = ConfigField extends infer Field
  ? Field extends ConfigField
    ? Omit<Field, "name" | "title" | "description" | "isRequired">
    : never
  : never;

/** Longer texts than this want more than one line. */
const ONE_LINE = 300;

function controlOf(node: SchemaNode, initial: unknown): ConfigControl {
  const options = optionsOf(node);
  if (options !== null) {
    return { kind: "choice", options, initial: typeof initial === "string" ? initial : "" };
  }
  switch (node.type) {
    case "boolean":
      return { kind: "switch", initial: initial === true };
    case "number":
    case "integer":
      return numberOf(node, initial);
    case "string":
      return {
        kind: "text",
        initial: typeof initial === "string" ? initial : "",
        isLong: node.format === undefined && (node.maxLength ?? 0) > ONE_LINE,
        mostCharacters: node.maxLength ?? null,
      };
    case "array":
      return listOf(node, initial);
    default:
      return { kind: "json", initial };
  }
}

function numberOf(node: SchemaNode, initial: unknown): ConfigControl {
  // The schema of a whole number is bounded by what a double can count to, which tells nobody much.
  const bound = (limit: number | undefined) =>
    limit === undefined || !Number.isFinite(limit) || Math.abs(limit) >= Number.MAX_SAFE_INTEGER
      ? null
      : limit;
  return {
    kind: "number",
    initial: typeof initial === "number" ? initial : null,
    least: bound(node.minimum),
    most: bound(node.maximum),
  };
}

/** Of more values than this nobody wants a box for each: they are typed. */
const MOST_BOXES = 40;

function listOf(node: SchemaNode, initial: unknown): ConfigControl {
  const items = schemaNode.safeParse(node.items).data;
  const texts = z.array(z.string()).safeParse(initial).data ?? [];
  const options = items === undefined ? null : optionsOf(items);
  if (options !== null && options.length <= MOST_BOXES) {
    return { kind: "choices", options, initial: texts };
  }
  return items?.type === "string"
    ? { kind: "lines", initial: texts, mostLines: node.maxItems ?? null }
    : { kind: "json", initial };
}

function optionsOf({ enum: values }: SchemaNode): FormOption[] | null {
  const texts = z.array(z.string()).min(1).safeParse(values).data;
  return texts?.map((value) => ({ value, label: inWords(value) })) ?? null;
}

const ABBREVIATIONS = new Set([
  "api",
  "aws",
  "gcp",
  "iban",
  "id",
  "ip",
  "ipv4",
  "ipv6",
  "json",
  "jwt",
  "pii",
  "ssn",
  "tls",
  "uk",
  "url",
  "us",
  "vat",
]);

/** `credit_card` as "Credit card", `us_ssn` as "US SSN". */
function inWords(name: string): string {
  const words = name
    .split("_")
    .map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase().replace(/^IPV/, "IPv") : word))
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
