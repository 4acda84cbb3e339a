import {
  bucketLabel,
  type ChartBucket,
  type ChartSeries,
  type ChartUnit,
  colorOf,
  formatValue,
} from "./chart-data.ts";

export interface ChartTooltipProps {
  isShown: boolean;
  bucket: ChartBucket | undefined;
  index: number;
  series: readonly ChartSeries[];
  unit: ChartUnit;
  style: { zone: string; clock: "24h" | "12h" };
  isPartial: boolean;
}

/** The figures of the bucket under the pointer. */
export function ChartTooltip({
  isShown,
  bucket,
  index,
  series,
  unit,
  style,
  isPartial,
}: ChartTooltipProps) {
  if (!isShown || bucket === undefined) {
    return null;
  }
  return (
    <div className="max-w-72 rounded-md border border-border bg-bg px-3 py-2 text-xs shadow-lg">
      <p className="mb-1 font-medium">
        {bucketLabel(bucket, style)}
        {isPartial ? " (still filling)" : ""}
      </p>
      <ul className="flex flex-col gap-0.5">
        {series.map(({ id, label, color, values }) => (
          <li key={id} className="flex items-center gap-1.5">
            <span
              className="size-2 shrink-0 rounded-[2px]"
              style={{ background: colorOf(color) }}
            />
            <span className="min-w-0 flex-1 truncate text-muted-fg">{label}</span>
            <span className="pl-4">{formatValue(values[index] ?? null, unit)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
