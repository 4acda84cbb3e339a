import type { UsageChart } from "#lib/contract/usage-report.ts";
import { UsageTimeChart } from "../../_ui/charts/usage-time-chart.tsx";

export interface SpendChartProps {
  chart: Promise<UsageChart>;
  nowMs: number;
}

export async function SpendChart({ chart, nowMs }: SpendChartProps) {
  const data = await chart;
  return (
    <UsageTimeChart
      title="Spend by model"
      chart={data}
      completeTo={new Date(nowMs).toISOString()}
      syncId="overview"
      caption={data.zone === null ? undefined : `${data.zone} days`}
    />
  );
}
