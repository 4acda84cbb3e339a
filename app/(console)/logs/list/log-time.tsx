"use client";

import Link from "next/link";
import type { MouseEvent } from "react";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { formatDay, formatTimeExact } from "../../../_ui/format-time.ts";
import { readable } from "../../../_ui/time-range-text.ts";
import { useClock } from "../../../_ui/viewer-context.tsx";

export interface LogTimeProps {
  log: RequestLogInfo;
  onOpen: (id: string) => void;
}

/** When the request came, to the millisecond: a link to its page that opens the drawer instead. */
export function LogTime({ log, onOpen }: LogTimeProps) {
  const how = useClock();
  const atMs = Date.parse(log.created_at);
  const day = formatDay(log.created_at, how);
  const isToday = day === formatDay(new Date(), how);

  function open(event: MouseEvent) {
    const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (isPlain) {
      event.preventDefault();
      onOpen(log.id);
    }
  }

  return (
    <Link
      href={`/logs/${log.id}`}
      prefetch={false}
      onClick={open}
      title={`${formatTimeExact(log.created_at, how)}\n${log.created_at}`}
      className="whitespace-nowrap underline-offset-4 hover:underline"
    >
      <time dateTime={log.created_at} suppressHydrationWarning>
        {isToday ? null : <span className="text-muted-fg">{day.replace(/ \d{4}$/, "")}, </span>}
        {clockText(atMs, how.zone)}
      </time>
    </Link>
  );
}

/** `14:03:22.418`. */
function clockText(atMs: number, zone: string): string {
  const seconds = Math.floor(atMs / 1000) * 1000;
  const [, clock = ""] = readable(seconds, zone).split(" ");
  const full = clock.length === 5 ? `${clock}:00` : clock;
  return `${full}.${String(atMs - seconds).padStart(3, "0")}`;
}
