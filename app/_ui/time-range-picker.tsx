"use client";

import { CalendarClock, ChevronLeft, ChevronRight, ZoomOut } from "lucide-react";
import { useState } from "react";
import {
  DEFAULT_RANGE,
  type Interval,
  type RangeToken,
  rangeLabel,
  resolveRange,
  shiftInterval,
  type TimeRange,
  zoomOut,
} from "#lib/contract/time-range.ts";
import { Button } from "./primitives/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "./primitives/popover.tsx";
import { rangeOf, timeParams } from "./search-params.ts";
import { useShortcut } from "./shell/use-shortcut.ts";
import { TimeRangeForm } from "./time-range-form.tsx";
import { formatInterval } from "./time-range-text.ts";
import { useParams } from "./use-params.ts";
import { useClock } from "./viewer-context.tsx";

export interface TimeRangePickerProps {
  /** What the page shows when its address names no range. */
  defaultRange?: RangeToken;
  /** How long the page's data are kept; what lies before cannot be chosen. */
  keptDays?: number | null;
}

/** The time that a page is about, in its address: presets, typed text, two instants, arrows. */
export function TimeRangePicker({
  defaultRange = DEFAULT_RANGE,
  keptDays = null,
}: TimeRangePickerProps) {
  const { values, set, isPending } = useParams(timeParams);
  const { zone, reportingZone, clock } = useClock();
  const [isOpen, setIsOpen] = useState(false);
  useShortcut("t", () => setIsOpen(true), { label: "Choose the time" });

  const range = rangeOf(values, defaultRange);
  const choose = (chosen: TimeRange) => {
    setIsOpen(false);
    set(paramsOf(chosen, defaultRange));
  };
  const move = (next: (interval: Interval, nowMs: number) => Interval) => {
    const nowMs = Date.now();
    const interval = next(resolveRange(range, { nowMs, zone: reportingZone }), nowMs);
    choose({ kind: "absolute", ...interval });
  };
  const label =
    range.kind === "relative" ? rangeLabel(range.token) : formatInterval(range, { zone, clock });

  return (
    <div className="flex min-w-0 items-center gap-1" aria-busy={isPending}>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Earlier, by as long as this"
        onClick={() => move((at, nowMs) => shiftInterval(at, { direction: -1, nowMs }))}
      >
        <ChevronLeft aria-hidden />
      </Button>
      <Popover open={isOpen} onOpenChange={setIsOpen}>
        <PopoverTrigger
          render={<Button isPending={isPending} className="min-w-0" title="Choose the time (t)" />}
        >
          <CalendarClock aria-hidden className="text-muted-fg" />
          <span className="truncate">
            <span className="sr-only">Time: </span>
            {label}
          </span>
        </PopoverTrigger>
        <PopoverContent className="w-[min(26rem,calc(100vw-1rem))]">
          <TimeRangeForm range={range} keptDays={keptDays} onChoose={choose} />
        </PopoverContent>
      </Popover>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Later, by as long as this"
        disabled={range.kind === "relative" && !["yesterday", "last-month"].includes(range.token)}
        onClick={() => move((at, nowMs) => shiftInterval(at, { direction: 1, nowMs }))}
      >
        <ChevronRight aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Twice as long"
        onClick={() => move((at, nowMs) => zoomOut(at, nowMs))}
      >
        <ZoomOut aria-hidden />
      </Button>
    </div>
  );
}

/** A range as parameters of an address; the default one needs none. */
function paramsOf(range: TimeRange, defaultRange: RangeToken) {
  return range.kind === "relative"
    ? { range: range.token === defaultRange ? null : range.token, from: null, to: null }
    : { range: null, from: new Date(range.fromMs), to: new Date(range.toMs) };
}
