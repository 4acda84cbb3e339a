"use client";

import { UNKNOWN } from "./format.ts";
import { formatDay, formatRelative, formatTime, formatTimeExact } from "./format-time.ts";
import { Tooltip, TooltipText } from "./primitives/tooltip.tsx";
import { useClock } from "./viewer-context.tsx";

export interface TimestampProps {
  /** ISO 8601, or `null` when it never happened. */
  at: string | null;
  /** `relative` shows "3 min ago" with the full time on hover; `day` leaves out the clock. */
  style?: "time" | "relative" | "day";
  /** What stands for `null`; a dash unless said otherwise ("Never"). */
  fallback?: string;
  className?: string;
}

/** `<Timestamp at={key.created_at} />`, in the zone and clock that the person chose. */
export function Timestamp({ at, style = "time", fallback = UNKNOWN, className }: TimestampProps) {
  const how = useClock();
  if (at === null) {
    return <span className={className}>{fallback}</span>;
  }
  const texts = {
    time: () => formatTime(at, how),
    relative: () => formatRelative(at),
    day: () => formatDay(at, how),
  };
  const exact = formatTimeExact(at, how);
  const other = style === "relative" ? exact : `${exact}, ${formatRelative(at)}`;
  return (
    <Tooltip content={<span className="whitespace-pre-line">{`${other}\n${at}`}</span>}>
      <TooltipText className={`whitespace-nowrap tabular-nums ${className ?? ""}`}>
        {/* The clock moves on between the server's page and the browser's. */}
        <time dateTime={at} suppressHydrationWarning>
          {texts[style]()}
        </time>
      </TooltipText>
    </Tooltip>
  );
}
