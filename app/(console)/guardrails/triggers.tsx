import { TriangleAlert } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { ACTED_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { Chip } from "../../_ui/chip.tsx";
import { formatCount } from "../../_ui/format.ts";

interface TriggersProps {
  row: RuleBoardRow;
}

/** What a rule found in the last 24 hours, by what became of it. Failed checks are told apart. */
export function Triggers({ row: { rule, stats } }: TriggersProps) {
  if (stats.runs === 0) {
    return <span className="text-muted-fg">Has not run</span>;
  }
  const parts = [
    { count: stats.acted, words: ACTED_WORDS[rule.action].toLowerCase() },
    { count: stats.would_have, words: `would be ${ACTED_WORDS[rule.action].toLowerCase()}` },
  ].filter(({ count }) => count > 0);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      {parts.length === 0 ? (
        <span className="text-muted-fg">Nothing in {formatCount(stats.runs)}</span>
      ) : (
        <Link
          href={`/logs?rule=${rule.id}` as Route}
          className="tabular-nums underline-offset-4 hover:underline"
        >
          {parts.map(({ count, words }) => `${formatCount(count)} ${words}`).join(", ")}
        </Link>
      )}
      {stats.failed === 0 ? null : (
        <Chip tone="warning" icon={<TriangleAlert aria-hidden />}>
          {formatCount(stats.failed)} failed
        </Chip>
      )}
    </span>
  );
}
