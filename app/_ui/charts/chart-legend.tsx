import { type ChartSeries, colorOf } from "./chart-data.ts";

export interface ChartLegendProps {
  series: readonly Pick<ChartSeries, "id" | "label" | "color">[];
}

/** Which colour is what. */
export function ChartLegend({ series }: ChartLegendProps) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-muted-fg text-xs">
      {series.map(({ id, label, color }) => (
        <li key={id} className="flex min-w-0 items-center gap-1.5">
          <span
            aria-hidden
            className="size-2.5 shrink-0 rounded-[2px]"
            style={{ background: colorOf(color) }}
          />
          <span className="truncate">{label}</span>
        </li>
      ))}
    </ul>
  );
}
