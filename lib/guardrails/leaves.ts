import type { TextOrigin } from "./define-rule.ts";
import type { PathNode } from "./draft.ts";

/** A text somewhere inside a value. */
export interface Leaf {
  node: PathNode;
  /** Its path with the `index` of list elements that have one: `tool_calls.1.function.arguments`. */
  key: string;
  text: string;
  /** Whether it is JSON, the arguments of a tool's call. */
  isArguments: boolean;
}

/** Fields that name, count or point, and hold no text of anybody's. */
const NO_TEXT = new Set([
  "type",
  "role",
  "id",
  "object",
  "model",
  "tool_call_id",
  "call_id",
  "file_id",
  "signature",
  "encrypted_content",
  "format",
  "detail",
  "service_tier",
  "reasoning_effort",
  "verbosity",
  "encoding_format",
  "tool_choice",
]);
/** A tool's name is how both sides find it; it is no message. */
const NAMED = new Set(["function", "custom"]);
/** Fields that usually hold bytes in base64. */
const BYTES = new Set(["data", "file_data", "b64_json"]);
const SAMPLE = 200;

/** Visits every text below `value` that somebody may have written, in the order of the value. */
export function visitLeaves(
  value: unknown,
  at: { node: PathNode; key: string },
  visit: (leaf: Leaf) => void,
): void {
  if (typeof value === "string") {
    visitText(value, at, visit);
    return;
  }
  if (Array.isArray(value)) {
    for (const [position, element] of value.entries()) {
      const node = { parent: at.node, key: position };
      visitLeaves(element, { node, key: `${at.key}.${indexOf(element) ?? position}` }, visit);
    }
    return;
  }
  if (isObject(value)) {
    for (const key in value) {
      const node = { parent: at.node, key };
      visitLeaves(value[key], { node, key: at.key === "" ? key : `${at.key}.${key}` }, visit);
    }
  }
}

function visitText(
  text: string,
  { node, key }: { node: PathNode; key: string },
  visit: (leaf: Leaf) => void,
): void {
  const name = node.key;
  const isName = name === "name" && node.parent !== null && NAMED.has(String(node.parent.key));
  if (text === "" || isName || NO_TEXT.has(String(name)) || isBytes(text, name)) {
    return;
  }
  visit({ node, key, text, isArguments: name === "arguments" });
}

/** Pictures, sound and documents are no text. */
function isBytes(text: string, name: string | number): boolean {
  if (text.startsWith("data:")) {
    return text.slice(0, SAMPLE).includes(";base64,");
  }
  return BYTES.has(String(name)) && /^[\w+/=-]+$/.test(text.slice(0, SAMPLE));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function indexOf(element: unknown): number | undefined {
  return isObject(element) && typeof element["index"] === "number" ? element["index"] : undefined;
}

/** Who wrote what stands in a field of an assistant's message or delta. */
export function originOfField(field: string, otherwise: TextOrigin): TextOrigin {
  if (field.startsWith("reasoning")) {
    return "reasoning";
  }
  return field === "tool_calls" || field === "function_call" ? "tool_call" : otherwise;
}
