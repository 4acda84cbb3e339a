"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import type { OverviewTile } from "#lib/contract/overview.ts";
import { formatValue } from "../../_ui/charts/chart-data.ts";
import { Sparkline } from "../../_ui/charts/sparkline.tsx";
import { cn } from "../../_ui/cn.ts";
import { formatDelta, UNKNOWN } from "../../_ui/format.ts";

export interface TileProps {
  tile: OverviewTile;
  /** A second figure below the change. */
  note: string | null;
}

/** One figure with how it changed and its course; it leads to its chart with the same filters. */
export function Tile({ tile, note }: TileProps) {
  const query = new URLSearchParams(useSearchParams());
  query.delete("by");
  query.set("metric", tile.metric);
  const { label, unit, value, before } = tile;
  const isEstimate = tile.metric.endsWith("_p95") && value !== null;
  return (
    <Link
      href={`/usage?${query}` as Route}
      className="flex h-full min-w-0 flex-col gap-1 rounded-lg border border-border bg-bg p-4 hover:bg-surface focus-visible:outline-2 focus-visible:outline-primary focus-visible:outline-offset-2"
    >
      <span className="truncate text-13 text-muted-fg" title={label}>
        {SHORT[tile.metric] ?? label}
      </span>
      <span className="font-semibold text-xl tabular-nums" title={formatValue(value, unit)}>
        {isEstimate ? "≈ " : ""}
        {formatValue(value, unit, true)}
      </span>
      <Change tile={tile} />
      <Sparkline values={tile.spark} className="mt-1 h-6 w-full" />
      <span className="text-muted-fg text-xs">
        {note ?? (before === null ? null : `${formatValue(before, unit, true)} before`)}
      </span>
    </Link>
  );
}

const SHORT: Readonly<Record<string, string>> = {
  ttft_p95: "First token p95",
};

/** More or fewer requests are neither good nor bad; more failures and waiting are. */
function Change({ tile: { value, before, isBetter } }: { tile: OverviewTile }) {
  const text = formatDelta(value, before);
  if (value !== null && value === before) {
    return <span className="text-muted-fg text-xs">No change</span>;
  }
  if (text === UNKNOWN || value === null || before === null) {
    return <span className="text-muted-fg text-xs">No earlier figure</span>;
  }
  const isUp = value > before;
  const tone = isBetter === null ? "text-muted-fg" : isUp ? "text-danger" : "text-success";
  const Arrow = isUp ? ArrowUp : ArrowDown;
  return (
    <span className={cn("flex items-center gap-1 text-xs tabular-nums", tone)}>
      <Arrow aria-hidden className="size-3.5 shrink-0" />
      {text}
      <span className="sr-only">{isUp ? "more" : "less"} than in the time before</span>
    </span>
  );
}
