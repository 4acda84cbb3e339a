"use client";

import type { Route } from "next";
import dynamic from "next/dynamic";
import { useRouter, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { timeParams } from "../search-params.ts";
import { carriedHref } from "../shell/carried-query.ts";
import { NAV } from "../shell/nav.ts";
import { useParams } from "../use-params.ts";
import { useClock } from "../viewer-context.tsx";
import { ChartCard } from "./chart-card.tsx";
import {
  bucketLabel,
  type ChartBucket,
  type ChartSeries,
  type ChartUnit,
  formatValue,
} from "./chart-data.ts";
import { ChartLegend } from "./chart-legend.tsx";

const HEIGHT = 220;

// The drawing library is a third of a page's weight and draws nothing before there is a browser.
const TimeChartPlot = dynamic(
  () => import("./time-chart-plot.tsx").then((module) => module.TimeChartPlot),
  { ssr: false, loading: () => <div style={{ height: HEIGHT }} /> },
);

export interface TimeChartProps {
  title: string;
  /** What the chart shows, in a sentence or two. */
  summary: string;
  /** Bars that stack for what adds up, lines for ratios and percentiles. */
  shape: "bars" | "lines";
  unit: ChartUnit;
  buckets: readonly ChartBucket[];
  series: readonly ChartSeries[];
  /** Up to when the data are complete; what is still filling is hatched. */
  completeTo?: string | null;
  /** Charts with the same one share their crosshair. */
  syncId?: string;
  /** Whether a bucket opens the list of its requests. */
  opensLogs?: boolean;
  actions?: ReactNode;
  caption?: ReactNode;
}

/** Values over time. Dragging over it chooses the range; pressing a bucket lists its requests. */
export function TimeChart({
  title,
  summary,
  shape,
  unit,
  buckets,
  series,
  completeTo = null,
  syncId,
  opensLogs = false,
  actions,
  caption,
}: TimeChartProps) {
  const { zone, reportingZone, clock } = useClock();
  const { set } = useParams(timeParams);
  const router = useRouter();
  const query = useSearchParams();
  // Days belong to the reporting zone; a clock time is read off one's own.
  const isDaily = buckets.some(
    ({ from, to }) => Date.parse(to) - Date.parse(from) > 22 * 3_600_000,
  );
  const style = { zone: isDaily ? reportingZone : zone, clock };
  const hrefOf = (bucket: ChartBucket) =>
    opensLogs ? logsHref(new URLSearchParams(query), bucket) : undefined;

  return (
    <ChartCard
      title={title}
      summary={summary}
      actions={actions}
      caption={caption}
      table={{
        columns: ["Time", ...series.map(({ label }) => label)],
        rows: buckets.map((bucket, index) => ({
          label: bucketLabel(bucket, style),
          href: hrefOf(bucket),
          cells: series.map(({ values }) => formatValue(values[index] ?? null, unit)),
        })),
      }}
    >
      <TimeChartPlot
        height={HEIGHT}
        shape={shape}
        unit={unit}
        buckets={buckets}
        series={series}
        completeTo={completeTo}
        syncId={syncId}
        style={style}
        onSelect={({ from, to }) => set({ range: null, from: new Date(from), to: new Date(to) })}
        onOpen={
          opensLogs
            ? (bucket) => router.push(logsHref(new URLSearchParams(query), bucket) as Route)
            : undefined
        }
      />
      <ChartLegend series={series} />
    </ChartCard>
  );
}

/** The list of the requests of a bucket, with the filters of this page. */
function logsHref(query: URLSearchParams, { from, to }: ChartBucket): string {
  const next = new URLSearchParams(query);
  next.delete("range");
  next.set("from", new Date(from).toISOString());
  next.set("to", new Date(to).toISOString());
  const logs = NAV.find(({ href }) => href === "/logs");
  return logs === undefined ? "/logs" : carriedHref(logs, next);
}
