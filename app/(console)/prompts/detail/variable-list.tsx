import type { PromptVersionInfo } from "#lib/contract/prompt.ts";
import { variablesIn } from "#lib/contract/prompt-template.ts";

export interface VariableListProps {
  version: PromptVersionInfo;
}

/** What a version can be given, and what it takes for what is not given. */
export function VariableList({ version: { variables, messages } }: VariableListProps) {
  if (variables.length === 0) {
    return <p className="text-muted-fg text-sm">This version has no variables.</p>;
  }
  const used = new Set(variablesIn(messages));
  return (
    <ul className="flex flex-col text-sm">
      {variables.map(({ name, type, required, default: fallback, description }) => (
        <li
          key={name}
          className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-border border-b py-2 last:border-b-0"
        >
          <code className="break-all font-medium font-mono">{name}</code>
          <span className="text-muted-fg">
            {type}, {wordsFor(required, fallback !== null)}
            {used.has(name) ? "" : ", not used by this version"}
          </span>
          {fallback === null ? null : (
            <span className="min-w-0 break-words">
              Default: <code className="font-mono">{JSON.stringify(fallback)}</code>
            </span>
          )}
          {description === null ? null : (
            <span className="w-full text-muted-fg text-xs">{description}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function wordsFor(isRequired: boolean, hasDefault: boolean): string {
  if (hasDefault) {
    return "may be left out";
  }
  return isRequired ? "required" : "optional, empty when left out";
}
