"use client";

import { useEffect, useState } from "react";
import { cn } from "../../../_ui/cn.ts";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import type { LiveState } from "./live-connection.ts";
import type { LiveTail } from "./use-live-tail.ts";

const WORDS = {
  off: "Stopped",
  connecting: "Connecting",
  live: "Live",
  polling: "Polling",
  hidden: "Paused while the tab was hidden",
  over: "You are signed out. Sign in to go on.",
} as const satisfies Record<LiveState, string>;

const ANNOUNCE_MS = 10_000;

export interface LiveBarProps {
  tail: LiveTail;
  onResume: () => void;
}

/** How the live tail does, and what waits while somebody reads. */
export function LiveBar({ tail, onResume }: LiveBarProps) {
  const announced = useAnnounced(tail.rows.length + tail.waiting);
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-3 text-13">
      <span className="inline-flex items-center gap-2">
        <span
          aria-hidden
          className={cn("size-2 rounded-full", tail.state === "live" ? "bg-success" : "bg-warning")}
        />
        {WORDS[tail.state]}
      </span>
      {tail.waiting === 0 ? null : (
        <Button size="sm" onClick={onResume}>
          {formatCount(tail.waiting)} new, resume
        </Button>
      )}
      <span role="status" className="sr-only">
        {announced}
      </span>
    </div>
  );
}

/** Rows are not read out one by one: every ten seconds their number is. */
function useAnnounced(count: number): string {
  const [told, setTold] = useState({ count, text: "" });
  useEffect(() => {
    const timer = setTimeout(() => {
      setTold((before) => {
        const more = count - before.count;
        return { count, text: more > 0 ? `${more} new requests` : "" };
      });
    }, ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [count]);
  return told.text;
}
