import { STAGE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RuleVerdict } from "#lib/contract/rule-verdict.ts";
import { UNKNOWN } from "./format.ts";
import { VerdictChip } from "./guardrail-chip.tsx";
import { Scroller } from "./scroller.tsx";

export interface VerdictTableProps {
  verdicts: readonly RuleVerdict[];
}

/** What each rule said at each stage, in the order in which they ran. */
export function VerdictTable({ verdicts }: VerdictTableProps) {
  return (
    <Scroller label="Verdicts" className="rounded-lg border border-border">
      <table className="w-full text-left text-13">
        <caption className="sr-only">Verdicts by rule</caption>
        <thead className="text-muted-fg text-xs">
          <tr>
            {["Rule", "Read", "Verdict", "Found", "Score"].map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-medium">
                {name}
              </th>
            ))}
            <th scope="col" className="px-3 py-2 text-right font-medium">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {verdicts.map((verdict, at) => (
            <VerdictRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule may stand here for several stages.
              key={at}
              verdict={verdict}
            />
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function VerdictRow({ verdict }: { verdict: RuleVerdict }) {
  const { rule, stage, state, action, mode, score, reason } = verdict;
  return (
    <tr className="border-border border-t align-top">
      <th scope="row" className="break-words px-3 py-2 font-medium">
        {rule}
      </th>
      <td className="px-3 py-2">{STAGE_WORDS[stage]}</td>
      <td className="px-3 py-2">
        <div className="flex flex-col items-start gap-1">
          <VerdictChip state={state} action={action} mode={mode} />
          {reason === null ? null : <span className="text-muted-fg text-xs">{reason}</span>}
        </div>
      </td>
      <td className="px-3 py-2 tabular-nums">{foundText(verdict)}</td>
      <td className="px-3 py-2 tabular-nums">{score === null ? UNKNOWN : score.toFixed(2)}</td>
      <td className="whitespace-nowrap px-3 py-2 text-right tabular-nums">
        {checkTime(verdict.duration_ms)}
      </td>
    </tr>
  );
}

/** `2 email, 1 phone`; a rule that judges a text as a whole has counts of nothing. */
function foundText({ kinds, matches }: RuleVerdict): string {
  const parts = Object.entries(kinds).map(
    ([kind, count]) => `${count} ${kind.replaceAll("_", " ")}`,
  );
  return parts.length > 0 ? parts.join(", ") : matches > 0 ? String(matches) : UNKNOWN;
}

/** Checks take microseconds as often as milliseconds. */
function checkTime(ms: number): string {
  return ms < 10 ? `${ms.toFixed(2)} ms` : `${Math.round(ms)} ms`;
}
