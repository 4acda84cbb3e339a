import type { PromptVariable } from "#lib/contract/managed-prompt.ts";
import { findValueProblems } from "#lib/contract/prompt-values.ts";

/** Values as they stand in their boxes, by variable; an empty box gives nothing. */
export type ValueTexts = Readonly<Record<string, string>>;

/** What stands under a variable's name: an object has fields that nobody put there. */
export function textAt(texts: ValueTexts, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

/** What is sent for the boxes; a text that is no number stays one, and is refused by name. */
export function valuesOf(
  variables: readonly PromptVariable[],
  texts: ValueTexts,
): Record<string, unknown> {
  return Object.fromEntries(
    variables.flatMap(({ name, type }) => {
      const text = textAt(texts, name) ?? "";
      return text === "" ? [] : [[name, readText(type, text)]];
    }),
  );
}

function readText(type: PromptVariable["type"], text: string): string | number | boolean {
  if (type === "number") {
    return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
  }
  return type === "boolean" ? text === "true" : text;
}

/** What is wrong with the boxes, by variable. */
export function problemsOf(
  variables: readonly PromptVariable[],
  texts: ValueTexts,
): Record<string, string> {
  const problems = findValueProblems(variables, valuesOf(variables, texts));
  return Object.fromEntries(problems.map(({ name, message }) => [name, message]));
}
