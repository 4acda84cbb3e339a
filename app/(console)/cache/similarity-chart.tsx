"use client";

import type { SimilarityView } from "#lib/contract/cache-console.ts";
import { THRESHOLD_MAX, THRESHOLD_MIN } from "#lib/contract/cache-threshold.ts";
import { ChartCard } from "../../_ui/charts/chart-card.tsx";
import { type ChartColor, colorOf } from "../../_ui/charts/chart-data.ts";
import { ChartLegend } from "../../_ui/charts/chart-legend.tsx";
import { formatCount } from "../../_ui/format.ts";
import { type SimilarityBar, similarityBars, thresholdText } from "./similarity-bars.ts";

const SERIES = [
  { id: "open", label: "Decided by the threshold", color: "series-1" },
  { id: "guarded", label: "Held back by a guard", color: "warning" },
] as const satisfies readonly { id: "open" | "guarded"; label: string; color: ChartColor }[];

export interface SimilarityChartProps {
  similarity: SimilarityView;
  /** The threshold that the line stands at. */
  threshold: number;
}

/** How near the nearest stored questions were, with the line above which they count as one. */
export function SimilarityChart({ similarity, threshold }: SimilarityChartProps) {
  const bars = similarityBars(similarity);
  const below = similarity.lookups - similarity.alone - sumOf(bars);
  const most = Math.max(...bars.map(({ open, guarded }) => open + guarded), 1);
  const place = ((threshold - THRESHOLD_MIN) / (THRESHOLD_MAX - THRESHOLD_MIN)) * 100;
  return (
    <ChartCard
      title="Best similarity"
      summary={`${formatCount(similarity.lookups)} noted look-ups of the last ${similarity.days} days. ${formatCount(below)} found nothing nearer than ${thresholdText(THRESHOLD_MIN)}, ${formatCount(similarity.alone)} had nothing to compare with.`}
      table={{
        columns: ["Similarity", ...SERIES.map(({ label }) => label)],
        rows: bars.map(({ from, open, guarded }) => ({
          label: thresholdText(from),
          cells: [formatCount(open), formatCount(guarded)],
        })),
      }}
    >
      <div className="relative flex h-44 items-stretch border-border border-b">
        {bars.map((bar) => (
          <div key={bar.from} className="flex min-w-0 flex-1 flex-col-reverse px-px">
            {SERIES.map(({ id, color }) => (
              <span
                key={id}
                style={{ background: colorOf(color), height: `${(bar[id] / most) * 100}%` }}
              />
            ))}
          </div>
        ))}
        <span
          className="absolute inset-y-0 w-0.5 -translate-x-px bg-fg"
          style={{ left: `${place}%` }}
        />
      </div>
      <div className="mt-1 flex justify-between text-muted-fg text-xs tabular-nums">
        <span>{thresholdText(THRESHOLD_MIN)}</span>
        <span>{thresholdText((THRESHOLD_MIN + THRESHOLD_MAX) / 2)}</span>
        <span>{thresholdText(THRESHOLD_MAX)}</span>
      </div>
      <div className="flex flex-wrap gap-x-4">
        <ChartLegend series={SERIES} />
        <p className="mt-2 flex items-center gap-1.5 text-muted-fg text-xs tabular-nums">
          <span aria-hidden className="h-2.5 w-0.5 bg-fg" />
          Threshold {thresholdText(threshold)}
        </p>
      </div>
    </ChartCard>
  );
}

function sumOf(bars: readonly SimilarityBar[]): number {
  return bars.reduce((sum, { open, guarded }) => sum + open + guarded, 0);
}
