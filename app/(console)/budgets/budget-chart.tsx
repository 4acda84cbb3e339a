"use client";

import type { BudgetDetail } from "#lib/contract/budget-tree.ts";
import { formatUsd, parseUsd } from "#lib/money.ts";
import type { ChartBucket, ChartSeries } from "../../_ui/charts/chart-data.ts";
import { TimeChart } from "../../_ui/charts/time-chart.tsx";
import { formatMoney } from "../../_ui/format.ts";

const DAY_MS = 86_400_000;
/** A chart with more days than this says nothing more. */
const MAX_DAYS = 62;

export interface BudgetChartProps {
  detail: BudgetDetail;
}

/** What was spent since the window began, day upon day, against the limit. */
export function BudgetChart({ detail }: BudgetChartProps) {
  const { buckets, spent } = daysOf(detail);
  const { budget } = detail;
  const most = budget === null ? undefined : sumOf(budget.limit_usd, budget.raise_usd);
  const total = spent.at(-1) ?? "0";
  const series: ChartSeries[] = [
    { id: "spent", label: "Spent", color: "primary", values: spent },
    ...(most === undefined
      ? []
      : [
          {
            id: "limit",
            label: "Limit",
            color: "danger" as const,
            values: buckets.map(() => most),
          },
        ]),
  ];
  const projection =
    budget?.projected_usd == null
      ? ""
      : ` At this pace ${formatMoney(budget.projected_usd)} by the reset.`;
  return (
    <TimeChart
      title="Spent so far"
      summary={`${formatMoney(total)} since ${detail.since.slice(0, 10)}.${projection}`}
      shape="lines"
      unit="usd"
      buckets={buckets}
      series={series}
      caption="Days begin at midnight UTC. From stored requests, which trail the limit by seconds."
    />
  );
}

function sumOf(limit: string, raise: string | null): string {
  return formatUsd((parseUsd(limit) ?? 0n) + (parseUsd(raise ?? "0") ?? 0n));
}

function daysOf({ since, days }: BudgetDetail): { buckets: ChartBucket[]; spent: string[] } {
  const byDay = new Map(days.map(({ day, spent_usd }) => [day, parseUsd(spent_usd) ?? 0n]));
  const firstMs = Date.parse(`${since.slice(0, 10)}T00:00:00Z`);
  const count = Math.min(MAX_DAYS, Math.floor((Date.now() - firstMs) / DAY_MS) + 1);
  const buckets: ChartBucket[] = [];
  const spent: string[] = [];
  let total = 0n;
  for (let at = 0; at < count; at += 1) {
    const from = new Date(firstMs + at * DAY_MS);
    total += byDay.get(from.toISOString().slice(0, 10)) ?? 0n;
    buckets.push({
      from: from.toISOString(),
      to: new Date(from.getTime() + DAY_MS).toISOString(),
    });
    spent.push(formatUsd(total));
  }
  return { buckets, spent };
}
