"use client";

import { useId, useState } from "react";
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import {
  type ChartBucket,
  type ChartSeries,
  type ChartUnit,
  colorOf,
  formatValue,
  partialIndex,
  spanOf,
  tickLabel,
} from "./chart-data.ts";
import { ChartTooltip } from "./chart-tooltip.tsx";

export interface TimeChartPlotProps {
  height: number;
  shape: "bars" | "lines";
  unit: ChartUnit;
  buckets: readonly ChartBucket[];
  series: readonly ChartSeries[];
  completeTo: string | null;
  syncId: string | undefined;
  style: { zone: string; clock: "24h" | "12h" };
  onSelect: (bounds: ChartBucket) => void;
  onOpen: ((bucket: ChartBucket) => void) | undefined;
}

const TICK = { fill: "var(--color-muted-fg)", fontSize: 12 };

/** The drawing of a `TimeChart`; the only file that knows the library, and loaded apart. */
export function TimeChartPlot({
  height,
  shape,
  unit,
  buckets,
  series,
  completeTo,
  syncId,
  style,
  onSelect,
  onOpen,
}: TimeChartPlotProps) {
  const hatch = useId();
  const drag = useDrag(buckets, { onSelect, onOpen });
  const data = rowsOf(buckets, series);
  const partial = partialIndex(buckets, completeTo);
  return (
    <ComposedChart
      responsive
      accessibilityLayer={false}
      data={data}
      {...(syncId === undefined ? {} : { syncId })}
      margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
      style={{
        width: "100%",
        height,
        cursor: onOpen === undefined ? "crosshair" : "pointer",
        userSelect: "none",
      }}
      {...drag.handlers}
    >
      <defs>
        <pattern
          id={hatch}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="3" height="6" fill="var(--color-bg)" />
        </pattern>
      </defs>
      {axesOf({ buckets, unit, style })}
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: "var(--color-muted)", stroke: "var(--color-input)" }}
        content={({ active, label }) => (
          <ChartTooltip
            isShown={active === true}
            bucket={buckets[Number(label)]}
            index={Number(label)}
            series={series}
            unit={unit}
            style={style}
            isPartial={Number(label) === partial}
          />
        )}
      />
      {series.map((one) => markOf(one, shape))}
      {partial < 0 ? null : (
        <ReferenceArea x1={partial} x2={partial} fill={`url(#${hatch})`} fillOpacity={0.7} />
      )}
      {drag.area === null ? null : (
        <ReferenceArea
          x1={drag.area.first}
          x2={drag.area.last}
          fill="var(--color-primary)"
          fillOpacity={0.15}
        />
      )}
    </ComposedChart>
  );
}

/** The library wants a row a bucket; amounts become numbers only to be drawn. */
function rowsOf(buckets: readonly ChartBucket[], series: readonly ChartSeries[]) {
  return buckets.map((_, index) => ({
    index,
    ...Object.fromEntries(
      series.map(({ id, values }) => {
        const value = values[index] ?? null;
        return [id, value === null ? null : Number(value)];
      }),
    ),
  }));
}

function axesOf({ buckets, unit, style }: Pick<TimeChartPlotProps, "buckets" | "unit" | "style">) {
  const span = spanOf(buckets);
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--color-border)" />
      <XAxis
        dataKey="index"
        scale="band"
        tick={TICK}
        tickLine={false}
        axisLine={{ stroke: "var(--color-border)" }}
        minTickGap={32}
        interval="preserveStartEnd"
        tickFormatter={(index: number) => {
          const bucket = buckets[index];
          return bucket === undefined ? "" : tickLabel(bucket, span, style);
        }}
      />
      <YAxis
        width={56}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        allowDecimals={unit !== "count" && unit !== "tokens"}
        tickFormatter={(value: number) => formatValue(value, unit, true)}
      />
    </>
  );
}

function markOf(series: ChartSeries, shape: "bars" | "lines") {
  const { id, color } = series;
  return shape === "bars" ? (
    <Bar key={id} dataKey={id} stackId="all" fill={colorOf(color)} isAnimationActive={false} />
  ) : (
    <Line
      key={id}
      dataKey={id}
      type="linear"
      stroke={colorOf(color)}
      strokeWidth={2}
      // A value between two gaps would be no line at all.
      dot={isLonely(series) ? { r: 2 } : false}
      isAnimationActive={false}
      connectNulls={false}
    />
  );
}

function isLonely({ values }: ChartSeries): boolean {
  return values.some(
    (value, at) =>
      value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null,
  );
}

interface Pointer {
  activeTooltipIndex?: number | string | null | undefined;
}

/** A press on one bucket opens it, a press drawn over several chooses their time. */
function useDrag(
  buckets: readonly ChartBucket[],
  { onSelect, onOpen }: Pick<TimeChartPlotProps, "onSelect" | "onOpen">,
) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const indexOf = ({ activeTooltipIndex }: Pointer) =>
    activeTooltipIndex === null || activeTooltipIndex === undefined
      ? undefined
      : Number(activeTooltipIndex);

  const finish = () => {
    setDrag(null);
    if (drag === null) {
      return;
    }
    const first = buckets[Math.min(drag.from, drag.to)];
    const last = buckets[Math.max(drag.from, drag.to)];
    if (first === undefined || last === undefined) {
      return;
    }
    if (first === last) {
      onOpen?.(first);
    } else {
      onSelect({ from: first.from, to: last.to });
    }
  };

  return {
    area:
      drag === null || drag.from === drag.to
        ? null
        : { first: Math.min(drag.from, drag.to), last: Math.max(drag.from, drag.to) },
    handlers: {
      onMouseDown: (at: Pointer) => {
        const index = indexOf(at);
        setDrag(index === undefined ? null : { from: index, to: index });
      },
      onMouseMove: (at: Pointer) => {
        const index = indexOf(at);
        if (drag !== null && index !== undefined && index !== drag.to) {
          setDrag({ ...drag, to: index });
        }
      },
      onMouseUp: finish,
      onMouseLeave: () => setDrag(null),
    },
  };
}
