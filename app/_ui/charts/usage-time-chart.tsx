import type { ReactNode } from "react";
import type { UsageChart } from "#lib/contract/usage-report.ts";
import { formatPercent } from "../format.ts";
import { assignSlots } from "./assign-slots.ts";
import { type ChartSeries, formatValue, slotColor } from "./chart-data.ts";
import { TimeChart } from "./time-chart.tsx";

export interface UsageTimeChartProps {
  title: string;
  chart: UsageChart;
  completeTo?: string | null;
  syncId?: string;
  actions?: ReactNode;
  caption?: ReactNode;
}

/** A metric by group over time. Bars where parts add up, lines where they do not. */
export function UsageTimeChart({
  title,
  chart,
  completeTo = null,
  syncId,
  actions,
  caption,
}: UsageTimeChartProps) {
  return (
    <TimeChart
      title={title}
      summary={summaryOf(chart)}
      shape={chart.kind === "additive" ? "bars" : "lines"}
      unit={chart.unit}
      buckets={chart.buckets}
      series={seriesOf(chart)}
      completeTo={completeTo}
      opensLogs
      actions={actions}
      caption={caption}
      {...(syncId === undefined ? {} : { syncId })}
    />
  );
}

function seriesOf({ series }: UsageChart): ChartSeries[] {
  const slots = assignSlots(series.filter(({ isOther }) => !isOther).map(({ id }) => id));
  return series.map(({ id, name, isOther, values }) => ({
    id,
    label: name,
    color: isOther ? slotColor("other") : slotColor(slots.get(id)),
    values,
  }));
}

/** What one sees at a glance, for who cannot: the whole, and who has the largest part of it. */
function summaryOf({ series, unit, kind, total, label }: UsageChart): string {
  if (total === null) {
    return `${label}: nothing to tell in this time.`;
  }
  const whole = `${kind === "percentile" ? "≈ " : ""}${formatValue(total, unit)} in all`;
  const first = series.find(({ isOther }) => !isOther);
  if (kind !== "additive" || first === undefined || total === 0) {
    return `${whole}.`;
  }
  const part = first.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return `${whole}; ${first.name} is ${formatPercent(part / total)}.`;
}
