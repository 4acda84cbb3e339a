"use client";

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "../primitives/focus-ring.ts";
import { useClock } from "../viewer-context.tsx";
import {
  bucketLabel,
  type ChartBucket,
  type ChartColor,
  type ChartSeries,
  type ChartUnit,
  colorOf,
  formatValue,
} from "./chart-data.ts";

export interface HistogramProps {
  /** What is counted, for its name: "Requests by outcome". */
  label: string;
  unit?: ChartUnit;
  buckets: readonly ChartBucket[];
  series: readonly ChartSeries[];
  /** Exactly the bounds that the query drew the bars with. */
  onSelect: (bounds: ChartBucket) => void;
  className?: string;
}

/**
 * Small stacked bars above a list. A press on one, or Enter, chooses its time; dragging, or Shift
 * and an arrow, chooses several. Arrows walk from bar to bar.
 */
export function Histogram({
  label,
  unit = "count",
  buckets,
  series,
  onSelect,
  className = "h-20",
}: HistogramProps) {
  const { zone, clock } = useClock();
  const [current, setCurrent] = useState(buckets.length - 1);
  const [anchor, setAnchor] = useState<number | null>(null);
  const bars = useRef<HTMLDivElement>(null);
  const totals = buckets.map((_, index) => totalAt(series, index));
  const most = Math.max(...totals, 1);
  const at = Math.min(Math.max(current, 0), buckets.length - 1);
  const [first, last] = [Math.min(anchor ?? at, at), Math.max(anchor ?? at, at)];

  const select = () => {
    const [from, to] = [buckets[first], buckets[last]];
    setAnchor(null);
    if (from !== undefined && to !== undefined) {
      onSelect({ from: from.from, to: to.to });
    }
  };
  const walk = (event: KeyboardEvent) => {
    const next = STEPS[event.key]?.(at, buckets.length - 1);
    if (next === undefined) {
      return;
    }
    event.preventDefault();
    setAnchor(event.shiftKey ? (anchor ?? at) : null);
    setCurrent(next);
    bars.current?.querySelectorAll("button")[next]?.focus();
  };
  const indexUnder = ({ clientX }: PointerEvent) => {
    const box = bars.current?.getBoundingClientRect();
    const share = box === undefined ? 0 : (clientX - box.left) / box.width;
    return Math.min(Math.max(Math.floor(share * buckets.length), 0), buckets.length - 1);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      ref={bars}
      role="group"
      aria-label={`${label}. Arrows walk, Enter chooses a time.`}
      className={cn("flex touch-pan-y select-none items-stretch", className)}
      onKeyDown={walk}
      onPointerDown={(event) => {
        setAnchor(indexUnder(event));
        setCurrent(indexUnder(event));
      }}
      onPointerMove={(event) => {
        if (anchor !== null && event.buttons === 1) {
          setCurrent(indexUnder(event));
        }
      }}
      onPointerUp={() => {
        // A press drawn over several ends on no one button; a plain one is the button's own.
        if (first !== last) {
          select();
        }
      }}
      onPointerLeave={() => setAnchor(null)}
    >
      {buckets.map((bucket, index) => (
        <HistogramBar
          key={bucket.from}
          text={`${bucketLabel(bucket, { zone, clock })}: ${summaryAt(series, index, unit)}`}
          parts={series.map((one) => ({
            id: one.id,
            color: one.color,
            share: Number(one.values[index] ?? 0) / most,
          }))}
          isCurrent={index === at}
          isInRange={anchor !== null && index >= first && index <= last}
          onFocus={() => setCurrent(index)}
          onPress={select}
        />
      ))}
    </div>
  );
}

interface HistogramBarProps {
  text: string;
  parts: readonly { id: string; color: ChartColor; share: number }[];
  isCurrent: boolean;
  isInRange: boolean;
  onFocus: () => void;
  onPress: () => void;
}

function HistogramBar({ text, parts, isCurrent, isInRange, onFocus, onPress }: HistogramBarProps) {
  return (
    <button
      type="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={text}
      title={text}
      onFocus={onFocus}
      onClick={onPress}
      className={cn(
        focusRing,
        "flex min-w-0 flex-1 flex-col-reverse px-[0.5px] hover:bg-muted",
        isInRange && "bg-muted",
      )}
    >
      {parts.map(({ id, color, share }) => (
        <span key={id} style={{ background: colorOf(color), height: `${share * 100}%` }} />
      ))}
    </button>
  );
}

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => Math.max(at - 1, 0),
  ArrowRight: (at, last) => Math.min(at + 1, last),
  Home: () => 0,
  End: (_, last) => last,
};

function totalAt(series: readonly ChartSeries[], index: number): number {
  return series.reduce((sum, { values }) => sum + Number(values[index] ?? 0), 0);
}

/** "1,204 in all, 1,200 success, 4 provider error". */
function summaryAt(series: readonly ChartSeries[], index: number, unit: ChartUnit): string {
  const parts = series
    .filter(({ values }) => Number(values[index] ?? 0) > 0)
    .map(
      ({ label, values }) => `${formatValue(values[index] ?? null, unit)} ${label.toLowerCase()}`,
    );
  return parts.length === 0 ? "none" : parts.join(", ");
}
