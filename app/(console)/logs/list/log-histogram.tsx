"use client";

import { useState } from "react";
import {
  type LogHistogram as Counts,
  HISTOGRAM_SERIES,
  type HistogramSeriesId,
} from "#lib/contract/log-histogram.ts";
import type { ChartColor } from "../../../_ui/charts/chart-data.ts";
import { ChartTable } from "../../../_ui/charts/chart-table.tsx";
import { Histogram } from "../../../_ui/charts/histogram.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { readable } from "../../../_ui/time-range-text.ts";
import { useClock } from "../../../_ui/viewer-context.tsx";
import { useLogUrl } from "../use-log-url.ts";

const COLORS = {
  success: "success",
  cached: "info",
  cancelled: "series-other",
  client_error: "series-5",
  limited: "warning",
  failed: "danger",
} as const satisfies Record<HistogramSeriesId, ChartColor>;

export interface LogHistogramProps {
  histogram: Counts;
}

/** Requests over time by how they ended. A bar leads to exactly the rows that it counts. */
export function LogHistogram({ histogram }: LogHistogramProps) {
  const url = useLogUrl();
  const { zone } = useClock();
  const [isTable, setTable] = useState(false);
  const { buckets, total } = histogram;
  const series = HISTOGRAM_SERIES.filter(({ id }) =>
    buckets.some(({ counts }) => counts[id] > 0),
  ).map(({ id, label }) => ({
    id,
    label,
    color: COLORS[id],
    values: buckets.map(({ counts }) => counts[id]),
  }));
  const readableAt = (at: string) => readable(Math.floor(Date.parse(at) / 1000) * 1000, zone);
  const sums = series.map(
    ({ label, values }) => `${formatCount(sum(values))} ${label.toLowerCase()}`,
  );
  return (
    <figure className="flex min-w-0 flex-col gap-1" aria-label="Requests by outcome">
      {isTable ? (
        <ChartTable
          title="Requests by outcome"
          columns={["Time", "All", ...series.map(({ label }) => label)]}
          rows={buckets
            .filter((bucket) => bucket.total > 0)
            .map((bucket) => ({
              label: readableAt(bucket.start),
              cells: [bucket.total, ...series.map(({ id }) => bucket.counts[id])].map((count) =>
                formatCount(count),
              ),
            }))}
        />
      ) : (
        <>
          <Histogram
            label="Requests by outcome"
            className="h-24"
            buckets={buckets.map(({ start, end }) => ({ from: start, to: end }))}
            series={series}
            onSelect={({ from, to }) => url.go({ from, to, range: null, live: null })}
          />
          <div aria-hidden className="flex justify-between text-muted-fg text-xs">
            <span>{readableAt(histogram.from)}</span>
            <span>{readableAt(histogram.to)}</span>
          </div>
        </>
      )}
      <figcaption className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-muted-fg text-xs">
        <span className="sr-only">
          {formatCount(total)} requests{sums.length === 0 ? "" : `: ${sums.join(", ")}`}.
        </span>
        <span aria-hidden className="flex flex-wrap gap-x-3">
          {series.map(({ id, label, color, values }) => (
            <span key={id} className="inline-flex items-center gap-1.5">
              <span className="size-2 rounded-sm" style={{ background: `var(--color-${color})` }} />
              {label} {formatCount(sum(values))}
            </span>
          ))}
        </span>
        <Button
          variant="ghost"
          size="sm"
          className="text-muted-fg"
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? "View as chart" : "View as table"}
        </Button>
      </figcaption>
    </figure>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
