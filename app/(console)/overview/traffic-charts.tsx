import type { OverviewTraffic } from "#lib/contract/overview.ts";
import type { ChartColor, ChartSeries } from "../../_ui/charts/chart-data.ts";
import { TimeChart } from "../../_ui/charts/time-chart.tsx";
import { formatCount, formatDuration, formatPercent } from "../../_ui/format.ts";

export interface TrafficChartsProps {
  traffic: Promise<OverviewTraffic>;
  nowMs: number;
}

/** How requests ended, and how long they took; both share their crosshair. */
export async function TrafficCharts({ traffic, nowMs }: TrafficChartsProps) {
  const { buckets, outcomes, latencies, requests, zone } = await traffic;
  const completeTo = new Date(nowMs).toISOString();
  const shared = { buckets, completeTo, syncId: "overview", opensLogs: true } as const;
  const caption = zone === null ? undefined : `${zone} days`;
  return (
    <>
      <TimeChart
        {...shared}
        title="Requests by outcome"
        summary={outcomeSummary(outcomes, requests)}
        shape="bars"
        unit="count"
        series={outcomes.map(
          ({ id, name, values }): ChartSeries => ({
            id,
            label: name,
            color: COLORS[id] ?? "series-other",
            values,
          }),
        )}
        caption={caption}
      />
      <TimeChart
        {...shared}
        title="Latency"
        summary={latencySummary(latencies)}
        shape="lines"
        unit="ms"
        series={latencies.map(
          ({ id, name, values }): ChartSeries => ({
            id,
            label: name,
            color: COLORS[id] ?? "series-other",
            values,
          }),
        )}
        caption={caption}
      />
    </>
  );
}

/** Outcomes have the roles of their status, latencies three of the six series. */
const COLORS: Readonly<Record<string, ChartColor>> = {
  success: "success",
  cached: "info",
  cancelled: "series-other",
  client_error: "series-3",
  limited: "warning",
  failed: "danger",
  latency_p50: "series-1",
  latency_p95: "series-2",
  ttft_p95: "series-4",
};

function outcomeSummary(outcomes: OverviewTraffic["outcomes"], requests: number): string {
  const failed = outcomes
    .find(({ id }) => id === "failed")
    ?.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return requests === 0
    ? "No requests in this time."
    : `${formatCount(requests)} requests, ${formatPercent((failed ?? 0) / requests)} of them failed.`;
}

function latencySummary(latencies: OverviewTraffic["latencies"]): string {
  const p95 = latencies.find(({ id }) => id === "latency_p95")?.values.filter((ms) => ms !== null);
  return p95 === undefined || p95.length === 0
    ? "No requests in this time."
    : `p95 between ≈ ${formatDuration(Math.min(...p95))} and ≈ ${formatDuration(Math.max(...p95))}.`;
}
