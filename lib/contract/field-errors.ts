import type { z } from "zod";
import { explain, type Issue } from "./issues.ts";

/**
 * What a schema found wrong, for a form: the first sentence of every field by dotted path
 * (`members.0.weight`), and under `""` what concerns the whole. Browsers and actions both use it, so
 * that a field says the same whoever has looked at it.
 */
export function fieldErrorsOf(error: z.ZodError, input: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const issue of error.issues) {
    const { path, code, message } = explain(issue, input);
    found[path.map(String).join(".")] ??=
      code === "missing_required_parameter" ? REQUIRED : (limitText(issue) ?? capitalised(message));
  }
  return found;
}

const REQUIRED = "This field is required.";

/** zod's own words for a limit are for programmers; a schema's own message is kept. */
function limitText(issue: Issue): string | undefined {
  if (issue.code === "too_small" && issue.message.startsWith("Too small")) {
    const isEmptyText = issue.origin === "string" && Number(issue.minimum) === 1;
    return isEmptyText ? REQUIRED : bound("at least", issue.origin, issue.minimum);
  }
  if (issue.code === "too_big" && issue.message.startsWith("Too big")) {
    return bound("at most", issue.origin, issue.maximum);
  }
  return undefined;
}

const COUNTED: Readonly<Record<string, string>> = { string: "character", array: "entry" };
const PLURAL: Readonly<Record<string, string>> = { character: "characters", entry: "entries" };

function bound(words: string, origin: string, limit: number | bigint): string {
  const unit = COUNTED[origin];
  if (unit === undefined) {
    return `Must be ${words} ${limit}.`;
  }
  return `Must have ${words} ${limit} ${Number(limit) === 1 ? unit : PLURAL[unit]}.`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
