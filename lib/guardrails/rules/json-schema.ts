import { z } from "zod";
import { assertJsonShape } from "#lib/json-shape.ts";
import { defineRule, type Finding, type ScannedText } from "../define-rule.ts";
import { type PreparedSchema, prepareSchema } from "./json-schema/prepare.ts";

const config = z.strictObject({
  schema: z.record(z.string(), z.unknown()).meta({
    title: "JSON Schema",
    description:
      "What an answer has to look like, up to draft 2020-12. Patterns are matched in linear time, so without look-around.",
  }),
  code_fence: z.boolean().default(true).meta({
    title: "Accept code fences",
    description: "Whether the JSON may stand between lines of three backticks.",
  }),
});

/** Longer answers are not judged: nobody could say how long that would take. */
const MAX_LENGTH = 1024 * 1024;
const MAX_COMPARED = 2000;

const FENCE = "```";

/** Finds answers that are not JSON of the form that an operator expects. */
export const jsonSchema = defineRule({
  type: "json_schema",
  label: "JSON schema",
  description:
    "Finds answers that are not JSON, or not JSON of the form that your schema describes.",
  config,
  stages: ["post"],
  actions: ["block", "warn", "log"],
  compiles: "schema",
  compile({ schema, code_fence: mayBeFenced }) {
    const prepared = prepareSchema(schema);
    return {
      kind: "local",
      window: Number.POSITIVE_INFINITY,
      check: (texts) => judge(texts, prepared, mayBeFenced),
    };
  },
});

function judge(
  texts: readonly ScannedText[],
  prepared: PreparedSchema,
  mayBeFenced: boolean,
): Finding {
  // What a model calls tools with follows the tools' own schemas, and what it thinks follows none.
  const answers = texts.filter(({ origin }) => origin === "assistant");
  if (answers.length === 0) {
    return { triggered: false, matches: [], skipped: "The answer has no text." };
  }
  const kinds: Record<string, number> = {};
  for (const { text } of answers) {
    const kind = faultOf(text, prepared, mayBeFenced);
    if (kind !== undefined) {
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
  }
  return { triggered: Object.keys(kinds).length > 0, matches: [], kinds };
}

function faultOf(
  text: string,
  { validator, comparesItems }: PreparedSchema,
  mayBeFenced: boolean,
): "not_json" | "other_form" | undefined {
  if (text.length > MAX_LENGTH) {
    throw new Error("The answer is too long to be compared with a schema.");
  }
  const parsed = parse(mayBeFenced ? withoutFence(text) : text);
  if (parsed === undefined) {
    return "not_json";
  }
  if (comparesItems && hasLongList(parsed)) {
    throw new Error(`The answer has a list of more than ${MAX_COMPARED} elements to compare.`);
  }
  return validator.validate(parsed).valid ? undefined : "other_form";
}

/** What stands between the first and the last line of a text, if these are a code fence. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  const head = trimmed.indexOf("\n");
  const isFenced =
    head !== -1 &&
    trimmed.endsWith(FENCE) &&
    [FENCE, `${FENCE}json`].includes(trimmed.slice(0, head).trimEnd().toLowerCase());
  return isFenced ? trimmed.slice(head, -FENCE.length) : text;
}

/** The value of a JSON text, `undefined` for none; `null` is one. */
function parse(json: string): unknown {
  assertJsonShape(Buffer.from(json));
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function hasLongList(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return (
    (Array.isArray(value) && value.length > MAX_COMPARED) || Object.values(value).some(hasLongList)
  );
}
