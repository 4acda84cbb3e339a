import type { TextOrigin } from "./define-rule.ts";

/** Fields that name, count or point, and hold no text of anybody's while they look like a name. */
const NO_TEXT = new Set([
  "type",
  "role",
  "id",
  "object",
  "model",
  "tool_call_id",
  "call_id",
  "file_id",
  "format",
  "detail",
  "service_tier",
  "reasoning_effort",
  "verbosity",
  "encoding_format",
  "tool_choice",
]);
const NAME = /^[\w.:/-]{1,128}$/;
/** State of the provider, signed or sealed by it. */
const SEALED = new Set(["signature", "encrypted_content"]);
const SEAL = /^[\w.:+/=-]*$/;

/** Fields below which everything is the caller's own: names, keys and numbers as well. */
const FREE = new Set(["parameters", "schema", "input_schema", "inputSchema", "metadata"]);
/** Keys and values that every JSON schema has. */
const SCHEMA_WORDS = new Set(
  (
    "type format title description default examples enum const properties required items prefixItems " +
    "additionalProperties patternProperties propertyNames anyOf oneOf allOf not if then else " +
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems " +
    "maxItems minProperties maxProperties uniqueItems pattern nullable strict $ref $defs $schema $id " +
    "definitions contains deprecated readOnly writeOnly"
  ).split(" "),
);
const BOUND = /^(?:exclusive)?(?:min|max)|^multipleOf$/i;
const SCHEMA_VALUE = /^[a-z][a-z-]{0,24}$/;
/** Keys as those who design interfaces write them. */
const PLAIN_KEY = /^\$?_*[a-z][A-Za-z_]{0,32}(?:\d{1,3}[A-Za-z_]{0,32}){0,2}$/;
/** No count, limit or time has so many digits. */
const LONG_NUMBER = 1e13;

/** Whether what stands below a field is free of the interface's own names. */
export function isFreeField(field: string | number): boolean {
  return typeof field === "string" && FREE.has(field);
}

/** Whether a field's string is a name of the interface, or sealed, and not a text. */
export function isNameOf(field: string, text: string, isFree: boolean): boolean {
  if (isFree) {
    return (field === "type" || field === "format") && SCHEMA_VALUE.test(text);
  }
  return NO_TEXT.has(field) ? NAME.test(text) : SEALED.has(field) && SEAL.test(text);
}

/** Whether a key may say something of its own, and is not one that the interface has. */
export function isTellingKey(key: string, isFree: boolean): boolean {
  return isFree ? !SCHEMA_WORDS.has(key) : !PLAIN_KEY.test(key);
}

/** Whether a number may say something of somebody, and is no count or limit. */
export function isTellingNumber(value: number, field: string, isFree: boolean): boolean {
  return isFree && !BOUND.test(field)
    ? true
    : Number.isInteger(value) && Math.abs(value) >= LONG_NUMBER;
}

/** Fields of an answer, its chunks and choices that say how it was made, and never what it says. */
const BOOKKEEPING = new Set(
  (
    "usage id model object created system_fingerprint service_tier index finish_reason logprobs " +
    "provider native_finish_reason stop_reason content_filter_results prompt_filter_results"
  ).split(" "),
);

/** Whether a field beside an answer's messages holds no text. */
export function isBookkeeping(field: string): boolean {
  return BOOKKEEPING.has(field);
}

/** Who wrote what stands in a choice beside its message: sources and the like come from elsewhere. */
export function originInChoice(field: string): TextOrigin {
  return field === "text" ? "assistant" : "tool_result";
}
