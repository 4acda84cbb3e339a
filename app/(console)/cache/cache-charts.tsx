import type { CacheTraffic } from "#lib/contract/cache-console.ts";
import type { ChartColor } from "../../_ui/charts/chart-data.ts";
import { TimeChart } from "../../_ui/charts/time-chart.tsx";
import { formatCount, formatPercent } from "../../_ui/format.ts";

export interface CacheChartsProps {
  traffic: CacheTraffic;
}

const COLORS: Readonly<Record<string, ChartColor>> = {
  exact: "series-1",
  semantic: "series-2",
  miss: "series-4",
  bypass: "series-other",
};

/** What the cache said over time, and the share of hits; both share their crosshair. */
export function CacheCharts({ traffic }: CacheChartsProps) {
  const { buckets, stats, zone } = traffic;
  const shared = { buckets, completeTo: stats.end, syncId: "cache", opensLogs: true } as const;
  const caption = zone === null ? undefined : `${zone} days`;
  const { exact, semantic, miss, bypass } = stats.lookups;
  return (
    <>
      <TimeChart
        {...shared}
        title="Requests by what the cache said"
        summary={`${formatCount(exact + semantic)} answered from the cache, ${formatCount(miss)} looked up in vain, ${formatCount(bypass)} not looked up.`}
        shape="bars"
        unit="count"
        series={traffic.lookups.map(({ id, name, values }) => ({
          id,
          label: name,
          color: COLORS[id] ?? "series-other",
          values,
        }))}
        caption={caption}
      />
      <TimeChart
        {...shared}
        title="Hit rate"
        summary={
          stats.hit_rate === null
            ? "No look-ups in this time."
            : `${formatPercent(stats.hit_rate)} of the look-ups were hits.`
        }
        shape="lines"
        unit="ratio"
        series={[{ id: "hit_rate", label: "Hit rate", color: "series-1", values: traffic.hitRate }]}
        caption={caption}
      />
    </>
  );
}
