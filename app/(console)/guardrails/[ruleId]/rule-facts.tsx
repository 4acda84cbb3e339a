import { ACTION_WORDS, STAGE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { Duration } from "../../../_ui/duration.tsx";
import { Card } from "../../../_ui/primitives/card.tsx";
import { ScopeText } from "../scope-text.tsx";
import { Triggers } from "../triggers.tsx";

interface RuleFactsProps {
  row: RuleBoardRow;
}

/** The rule in a line: what it does for whom, and what it found lately. */
export function RuleFacts({ row }: RuleFactsProps) {
  const { rule, stats } = row;
  const facts = [
    ["Type", row.type_label],
    ["Reads", STAGE_WORDS[rule.stage]],
    ["Action", ACTION_WORDS[rule.action]],
    ["Applies to", <ScopeText key="scope" scope={rule.scope} name={row.scope_name} />],
    ["Found, 24 h", <Triggers key="found" row={row} />],
    ["p95 of the check", <Duration key="p95" ms={stats.p95_ms} />],
  ] as const;
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-4 p-4 @2xl:grid-cols-3 @5xl:grid-cols-6 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-muted-fg text-xs">{name}</dt>
            <dd className="mt-0.5 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
