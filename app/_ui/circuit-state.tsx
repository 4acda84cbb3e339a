"use client";

import { MoonStar } from "lucide-react";
import { useEffect, useState } from "react";
import { Chip } from "./chip.tsx";
import { CircuitBadge } from "./circuit-badge.tsx";
import { formatDuration } from "./format.ts";

export interface CircuitStateProps {
  state: "closed" | "open" | "half_open";
  /** ISO 8601: when it is tried again. */
  retryAt: string | null;
  /** Why it is not closed, or why its credential rests. */
  reason: string | null;
}

/** A breaker and how long it stays open, counted down: "Circuit open, 42 s left". */
export function CircuitState({ state, retryAt, reason }: CircuitStateProps) {
  return (
    <span
      className="inline-flex min-w-0 flex-wrap items-center gap-x-2"
      title={reason ?? undefined}
    >
      {state === "closed" && reason !== null ? (
        <Chip tone="warning" icon={<MoonStar aria-hidden />}>
          Resting
        </Chip>
      ) : (
        <CircuitBadge state={state} />
      )}
      {retryAt === null ? null : <Countdown until={retryAt} />}
    </span>
  );
}

/** Whole seconds left; nothing once they are over, and nothing before the browser has taken over. */
function Countdown({ until }: { until: string }) {
  const [leftMs, setLeftMs] = useState<number | null>(null);
  useEffect(() => {
    const tell = () => setLeftMs(Date.parse(until) - Date.now());
    tell();
    const timer = setInterval(tell, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return leftMs === null || leftMs <= 0 ? null : (
    <span className="whitespace-nowrap text-muted-fg text-xs tabular-nums">
      {formatDuration(Math.ceil(leftMs / 1000) * 1000)} left
    </span>
  );
}
