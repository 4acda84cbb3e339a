"use client";

import { summarizeChange } from "#lib/contract/audit-summary.ts";
import type { BudgetDetail, BudgetEvent } from "#lib/contract/budget-tree.ts";
import { formatUsd, parseUsd } from "#lib/money.ts";
import { BudgetBar } from "../../_ui/budget-bar.tsx";
import { BarList } from "../../_ui/charts/bar-list.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { BudgetChart } from "./budget-chart.tsx";

export interface BudgetFactsProps {
  detail: BudgetDetail;
}

/** What a limit stands at, its days, who spends it, and how it was changed. */
export function BudgetFacts({ detail }: BudgetFactsProps) {
  const { unpriced, contributors, history, name } = detail;
  return (
    <>
      <Standing detail={detail} />
      {unpriced.length === 0 ? null : (
        <p className="rounded-md bg-chip-warning-bg px-3 py-2 text-chip-warning-fg text-sm">
          {unpriced.length === 1
            ? "One model that may be asked for here has no price: "
            : `${unpriced.length} models that may be asked for here have no price: `}
          {unpriced.slice(0, 5).join(", ")}
          {unpriced.length > 5 ? " and more" : ""}. Under a limit requests to it are refused.
        </p>
      )}
      <BudgetChart detail={detail} />
      <section className="flex flex-col gap-2">
        <h3 className="font-medium text-sm">Contributors since then</h3>
        {contributors.length === 0 ? (
          <p className="text-muted-fg text-sm">Nothing was spent.</p>
        ) : (
          <BarList
            label={`Contributors to ${name}`}
            unit="usd"
            items={contributors.map(({ id, name: label, spend_usd }) => ({
              id: id ?? "none",
              label,
              value: spend_usd,
            }))}
          />
        )}
      </section>
      <History events={history} />
    </>
  );
}

function Standing({ detail }: BudgetFactsProps) {
  const { budget, name } = detail;
  if (budget === null) {
    return (
      <BudgetBar
        name={name}
        spentUsd={sumOf(detail)}
        limitUsd={null}
        period={null}
        resetsAt={null}
      />
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <BudgetBar
        name={name}
        spentUsd={budget.spent_usd}
        limitUsd={budget.limit_usd}
        raiseUsd={budget.raise_usd}
        period={budget.period}
        resetsAt={budget.resets_at}
        softPercent={budget.soft_limit_percent}
      />
      {budget.resets_at === null ? null : (
        <p className="text-muted-fg text-sm">
          Starts anew at <Timestamp at={budget.resets_at} />, midnight UTC.
        </p>
      )}
    </div>
  );
}

function sumOf({ days }: BudgetDetail): string {
  return formatUsd(days.reduce((sum, { spent_usd }) => sum + (parseUsd(spent_usd) ?? 0n), 0n));
}

function History({ events }: { events: readonly BudgetEvent[] }) {
  return events.length === 0 ? null : (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium text-sm">Changes</h3>
      <ol className="flex flex-col divide-y divide-border rounded-lg border border-border text-sm">
        {events.map((event) => (
          <li key={event.id} className="px-3 py-2">
            <span className="flex flex-wrap justify-between gap-x-3">
              <span>{event.actor}</span>
              <Timestamp at={event.at} className="text-muted-fg" />
            </span>
            <span className="break-words text-muted-fg">{summarizeChange(event)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
