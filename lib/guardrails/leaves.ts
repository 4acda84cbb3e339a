import { readBytes, textOfBytes } from "./bytes.ts";
import type { TextOrigin } from "./define-rule.ts";
import type { PathNode } from "./draft.ts";
import { isFreeField, isNameOf, isTellingKey, isTellingNumber } from "./leaf-names.ts";

/** A text somewhere inside a value. */
export interface Leaf {
  node: PathNode;
  /** Its path with the `index` of list elements that have one: `tool_calls.1.function.arguments`. */
  key: string;
  text: string;
  /** Whether it is JSON, the arguments of a tool's call. */
  isArguments: boolean;
}

/** A tool's name is how both sides find it, so nothing else can stand there. */
const NAMED = new Set(["function", "custom"]);

interface Place {
  node: PathNode;
  key: string;
  /** Whether names, keys and numbers are the caller's own here. */
  isFree: boolean;
}

interface Visitors {
  visit(leaf: Leaf): void;
  visitFixed: ((leaf: Leaf) => void) | undefined;
}

/**
 * Visits every text below `value` that somebody may have written, in the order of the value.
 * `visitFixed` is given what can be read and not changed: keys, numbers, names of tools, and documents
 * that are a text in base64.
 */
export function visitLeaves(
  value: unknown,
  at: { node: PathNode; key: string },
  visit: (leaf: Leaf) => void,
  visitFixed?: (leaf: Leaf) => void,
): void {
  walk(value, { ...at, isFree: isBelowFree(at.node) }, { visit, visitFixed });
}

function walk(value: unknown, at: Place, visitors: Visitors): void {
  if (typeof value === "string") {
    visitText(value, at, visitors);
  } else if (typeof value === "number") {
    visitNumber(value, at, visitors);
  } else if (Array.isArray(value)) {
    walkList(value, at, visitors);
  } else if (isObject(value)) {
    walkObject(value, at, visitors);
  }
}

function walkList(list: readonly unknown[], at: Place, visitors: Visitors): void {
  const field = String(at.node.key);
  for (const [position, element] of list.entries()) {
    // Vectors and token ids have many thousands of them.
    if (typeof element === "number" && !isTellingNumber(element, field, at.isFree)) {
      continue;
    }
    const node = { parent: at.node, key: position };
    const key = `${at.key}.${indexOf(element) ?? position}`;
    walk(element, { node, key, isFree: at.isFree }, visitors);
  }
}

function walkObject(value: Readonly<Record<string, unknown>>, at: Place, visitors: Visitors): void {
  for (const name in value) {
    const node = { parent: at.node, key: name };
    const key = at.key === "" ? name : `${at.key}.${name}`;
    if (visitors.visitFixed !== undefined && isTellingKey(name, at.isFree)) {
      visitors.visitFixed({ node, key, text: name, isArguments: false });
    }
    walk(value[name], { node, key, isFree: at.isFree || isFreeField(name) }, visitors);
  }
}

function visitText(text: string, { node, key, isFree }: Place, visitors: Visitors): void {
  const field = fieldOf(node);
  if (text === "" || isNameOf(field, text, isFree)) {
    return;
  }
  const leaf = { node, key, text, isArguments: node.key === "arguments" };
  if (node.key === "name" && !isFree && NAMED.has(String(node.parent?.key))) {
    visitors.visitFixed?.(leaf);
    return;
  }
  const bytes = isFree ? null : readBytes(text, field);
  if (bytes === null) {
    visitors.visit(leaf);
    return;
  }
  const document = visitors.visitFixed === undefined ? null : textOfBytes(bytes);
  if (document !== null && document !== "") {
    visitors.visitFixed?.({ ...leaf, text: document });
  }
}

function visitNumber(value: number, { node, key, isFree }: Place, { visitFixed }: Visitors): void {
  if (isTellingNumber(value, fieldOf(node), isFree)) {
    visitFixed?.({ node, key, text: String(value), isArguments: false });
  }
}

/** The name of the field that holds a value, also as one of a list. */
function fieldOf({ key, parent }: PathNode): string {
  return String(typeof key === "number" && parent !== null ? parent.key : key);
}

function isBelowFree(node: PathNode): boolean {
  for (let at: PathNode | null = node; at !== null; at = at.parent) {
    if (isFreeField(at.key)) {
      return true;
    }
  }
  return false;
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
