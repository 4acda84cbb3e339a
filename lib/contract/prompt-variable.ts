import type { PromptMessage, PromptVariable } from "./managed-prompt.ts";
import { variablesIn } from "./prompt-template.ts";

/** Everything that a version may be given: what was listed, and what its messages use beside that. */
export function withUsedVariables(
  variables: readonly PromptVariable[],
  messages: readonly Pick<PromptMessage, "content">[],
): PromptVariable[] {
  const listed = new Set(variables.map(({ name }) => name));
  const used = variablesIn(messages).filter((name) => !listed.has(name));
  return [...variables, ...used.map(newVariable)];
}

/** A variable that is used and about which nothing else was said. */
export function newVariable(name: string): PromptVariable {
  return { name, type: "string", required: true, default: null, description: null };
}
