import type { RuleScope } from "#lib/contract/guardrail-rule.ts";

interface ScopeTextProps {
  scope: RuleScope;
  name: string | null;
}

const KINDS = { organization: "Everybody", team: "Team", key: "Key", alias: "Alias" } as const;

/** Whose requests a rule holds for. */
export function ScopeText({ scope, name }: ScopeTextProps) {
  return name === null ? (
    <span className="text-muted-fg">{KINDS[scope.kind]}</span>
  ) : (
    <span className="break-words">
      <span className="text-muted-fg">{KINDS[scope.kind]}</span> {name}
    </span>
  );
}
