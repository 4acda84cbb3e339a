"use client";

import { formatCount } from "../../_ui/format.ts";
import { formatTime } from "../../_ui/format-time.ts";
import { useClock } from "../../_ui/viewer-context.tsx";

export interface CaptionProps {
  /** Whose days the bars are; `null` where that makes no difference. */
  zone: string | null;
  completeTo: string;
  /** Requests that have ended and are not stored yet. */
  waiting: number;
  note: string | null;
}

/** What has to be known to read the figures. */
export function Caption({ zone, completeTo, waiting, note }: CaptionProps) {
  const clock = useClock();
  const complete =
    waiting === 0
      ? `Data complete to ${formatTime(completeTo, clock)}.`
      : `${formatCount(waiting)} requests are still being stored.`;
  return (
    <span suppressHydrationWarning>
      {[zone === null ? null : `${zone} days.`, complete, note].filter(Boolean).join(" ")}
    </span>
  );
}
