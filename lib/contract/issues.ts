import type { z } from "zod";
import { ConduitError, type ErrorCode } from "../errors.ts";

export type Issue = z.core.$ZodIssue;

/**
 * What a zod schema found wrong with `input`, as the one error that a caller is told: an unknown
 * field first (it usually explains the rest), else the first finding. `param` names the field in
 * OpenAI's spelling, `members[0].weight`.
 */
export function errorOfIssues(error: z.ZodError, input: unknown): ConduitError {
  const issue = error.issues.find((each) => each.code === "unrecognized_keys") ?? error.issues[0];
  if (issue === undefined) {
    return new ConduitError("invalid_value", { message: "The request is not valid." });
  }
  const { path, code, message } = explain(issue, input);
  const param = paramOf(path);
  return new ConduitError(code, {
    message: param === "" ? message : `'${param}' ${message}`,
    param: param === "" ? undefined : param,
  });
}

export interface Finding {
  path: readonly PropertyKey[];
  code: ErrorCode;
  message: string;
}

/** One finding with the path, the code and the words that a caller is told. */
export function explain(issue: Issue, input: unknown): Finding {
  if (issue.code === "unrecognized_keys") {
    return {
      path: [...issue.path, issue.keys[0] ?? ""],
      code: "unknown_parameter",
      message: "is not a known field here.",
    };
  }
  if (issue.path.length > 0 && valueAt(input, issue.path) === undefined) {
    return { path: issue.path, code: "missing_required_parameter", message: "is required." };
  }
  if (issue.code === "invalid_union") {
    return explainUnion(issue, input);
  }
  return {
    path: issue.path,
    code: issue.code === "invalid_type" ? "invalid_type" : "invalid_value",
    message: sentence(issue),
  };
}

/** A union fails once per branch; the branch that got deepest is the one the caller meant. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, input: unknown): Finding {
  if (issue.errors.length === 0 && "options" in issue && Array.isArray(issue.options)) {
    // The field that tells the branches apart has a value that belongs to none.
    const options = issue.options.map(String).join(", ");
    return { path: issue.path, code: "invalid_value", message: `has to be one of: ${options}.` };
  }
  const branches = issue.errors
    .flatMap((issues) => issues.slice(0, 1))
    .toSorted((left, right) => right.path.length - left.path.length);
  const deepest = branches[0];
  if (deepest === undefined || deepest.path.length === 0) {
    const wants = new Set(branches.map((branch) => sentence(branch).replace(/\.$/, "")));
    const message = wants.size === 0 ? "is not valid." : `${[...wants].join(", or ")}.`;
    return { path: issue.path, code: "invalid_type", message };
  }
  return explain({ ...deepest, path: [...issue.path, ...deepest.path] }, input);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

/** zod's own messages, and ours that begin with a verb, both read on after a field's name. */
function sentence(issue: Issue): string {
  if (issue.code === "invalid_type") {
    return `has to be ${TYPE_NAMES[issue.expected] ?? issue.expected}.`;
  }
  const text = `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  const joined = /^(must|has|is|needs|cannot|may) /.test(text) ? text : `is not valid: ${text}`;
  return joined.endsWith(".") ? joined : `${joined}.`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      return undefined;
    }
    // The line above has established that the key is there.
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function paramOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    text += typeof key === "number" ? `[${key}]` : `${text === "" ? "" : "."}${String(key)}`;
  }
  return text;
}
