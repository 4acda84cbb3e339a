import type { Route } from "next";
import Link from "next/link";
import { ACTED_WORDS, STAGE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { BacktestSample, GuardrailBacktestResult } from "#lib/contract/guardrail-test.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Scroller } from "../../../_ui/scroller.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";

interface BacktestResultProps {
  result: GuardrailBacktestResult;
}

/** What the rule would have done, in figures and by request. */
export function BacktestResult({ result }: BacktestResultProps) {
  if (result.looked_at === 0) {
    return (
      <EmptyState title="No request's content is stored.">
        A backtest reads what was asked and answered. Payload storage is a setting of the install
        and of each team, under Settings, Retention.
      </EmptyState>
    );
  }
  const did = ACTED_WORDS[result.action].toLowerCase();
  const figures = [
    [`Would have ${did}`, result.acted],
    ["Passed", result.passed],
    ["Nothing to read", result.skipped],
    ["Check failed", result.failed],
    ["Not of this rule's scope", result.out_of_scope],
    ["Not readable as a whole", result.unreadable],
  ] as const;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">
        {formatCount(result.looked_at)} requests read, the oldest from{" "}
        <Timestamp at={result.oldest_at} />.{result.more ? " Older ones are stored too." : ""}
      </p>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
        {figures.map(([name, count]) => (
          <div key={name} className="rounded-lg border border-border p-3">
            <dt className="text-muted-fg text-xs">{name}</dt>
            <dd className="font-semibold text-lg tabular-nums">{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(result.kinds).length === 0 ? null : (
        <p className="text-sm">Found: {kindsText(result.kinds)}.</p>
      )}
      {result.samples.length === 0 ? null : <Samples samples={result.samples} />}
    </div>
  );
}

function Samples({ samples }: { samples: readonly BacktestSample[] }) {
  return (
    <Scroller label="Requests that it would have hit" className="rounded-lg border border-border">
      <table className="w-full text-left text-13">
        <caption className="sr-only">Requests that it would have hit, the latest first</caption>
        <thead className="text-muted-fg text-xs">
          <tr>
            {["Request", "Read", "Found", "Score"].map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.map((sample) => (
            <tr key={`${sample.request_id} ${sample.stage}`} className="border-border border-t">
              <th scope="row" className="px-3 py-2 font-normal">
                <Link
                  href={`/logs/${sample.request_id}?tab=payload` as Route}
                  className="underline-offset-4 hover:underline"
                >
                  <Timestamp at={sample.at} />
                </Link>
              </th>
              <td className="px-3 py-2">{STAGE_WORDS[sample.stage]}</td>
              <td className="px-3 py-2">{kindsText(sample.kinds)}</td>
              <td className="px-3 py-2 tabular-nums">
                {sample.score === null ? "—" : sample.score.toFixed(2)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function kindsText(kinds: Readonly<Record<string, number>>): string {
  const parts = Object.entries(kinds).map(
    ([kind, count]) => `${formatCount(count)} ${kind.replaceAll("_", " ")}`,
  );
  return parts.length === 0 ? "—" : parts.join(", ");
}
