"use client";

import type { HealthCircuit, HealthTick } from "#lib/contract/health-report.ts";
import { cn } from "../../_ui/cn.ts";
import { formatCount, formatPercent } from "../../_ui/format.ts";
import { formatTime } from "../../_ui/format-time.ts";
import { useClock } from "../../_ui/viewer-context.tsx";

interface TickBarProps {
  circuit: HealthCircuit;
}

const TICK_MS = 15 * 60_000;
const GOOD = 0.99;
const FAIR = 0.9;

type Grade = "none" | "good" | "fair" | "bad" | "open";

const LOOKS: Readonly<Record<Grade, string>> = {
  none: "h-1/4 bg-border",
  good: "h-full bg-success",
  fair: "h-3/4 bg-warning",
  bad: "h-1/2 bg-danger",
  open: "h-1/2 bg-danger",
};

/** 96 quarters of an hour, oldest first; height and colour say the same. */
export function TickBar({ circuit: { ticks, ticks_from: from, name } }: TickBarProps) {
  const clock = useClock();
  const fromMs = Date.parse(from);
  return (
    <div
      role="img"
      aria-label={summaryOf(name, ticks)}
      className="flex h-6 w-full min-w-0 items-end gap-px"
    >
      {ticks.map((tick, at) => {
        const startMs = fromMs + at * TICK_MS;
        return (
          <span
            key={startMs}
            title={`${formatTime(new Date(startMs).toISOString(), clock)}: ${wordsOf(tick)}`}
            className={cn("min-w-0 flex-1 rounded-[1px]", LOOKS[gradeOf(tick)])}
          />
        );
      })}
    </div>
  );
}

function gradeOf({ requests, failed, was_open: wasOpen }: HealthTick): Grade {
  if (wasOpen) {
    return "open";
  }
  if (requests === 0) {
    return "none";
  }
  const share = (requests - failed) / requests;
  if (share >= GOOD) {
    return "good";
  }
  return share >= FAIR ? "fair" : "bad";
}

function wordsOf({ requests, failed, was_open: wasOpen }: HealthTick): string {
  const open = wasOpen ? "circuit open; " : "";
  return requests === 0
    ? `${open}no requests`
    : `${open}${formatPercent((requests - failed) / requests)} of ${formatCount(requests)} answered`;
}

function summaryOf(name: string, ticks: readonly HealthTick[]): string {
  const grades = ticks.map(gradeOf);
  const count = (grade: Grade) => grades.filter((each) => each === grade).length;
  return `${name}, the last 24 hours in quarters of an hour: ${count("good")} good, ${count("fair")} fair, ${count("bad")} bad, ${count("open")} with an open circuit, ${count("none")} without requests.`;
}
