import type { ReactNode } from "react";
import type { CacheStats } from "#lib/contract/cache.ts";
import { formatBytes, formatCount, formatDuration, formatPercent } from "../../_ui/format.ts";
import { Money } from "../../_ui/money.tsx";

export interface CacheTilesProps {
  stats: CacheStats;
}

/** The figures of the range, and what is kept now. */
export function CacheTiles({ stats }: CacheTilesProps) {
  const { exact, semantic, miss } = stats.lookups;
  const lookups = exact + semantic + miss;
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
      <Tile label="Hit rate" note={`${formatCount(lookups)} look-ups`}>
        {formatPercent(stats.hit_rate)}
      </Tile>
      <Tile label="Exact" note={`${formatCount(exact)} hits`}>
        {formatPercent(stats.exact_share)}
      </Tile>
      <Tile label="Semantic" note={agreementNote(stats) ?? `${formatCount(semantic)} hits`}>
        {formatPercent(stats.semantic_share)}
      </Tile>
      <Tile label="Saved" note="what the answers had cost">
        <Money usd={stats.saved_usd} />
      </Tile>
      <Tile label="Stored answers" note="kept now">
        {formatCount(stats.entries)}
      </Tile>
      <Tile label="Size" note="kept now">
        {formatBytes(stats.entries_bytes)}
      </Tile>
      <Tile label="Latency of a hit" note="p95">
        {estimate(stats.hit_latency_p95_ms)}
      </Tile>
      <Tile label="Latency of a miss" note="p95">
        {estimate(stats.miss_latency_p95_ms)}
      </Tile>
    </dl>
  );
}

interface TileProps {
  label: string;
  note: string;
  children: ReactNode;
}

function Tile({ label, note, children }: TileProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-lg border border-border bg-bg p-4">
      <dt className="truncate text-13 text-muted-fg">{label}</dt>
      <dd className="font-semibold text-xl tabular-nums">{children}</dd>
      <dd className="text-muted-fg text-xs">{note}</dd>
    </div>
  );
}

/** A percentile of a histogram is near, not exact. */
function estimate(ms: number | null): string {
  return ms === null ? formatDuration(null) : `≈ ${formatDuration(ms)}`;
}

function agreementNote({ compared, agreement }: CacheStats): string | null {
  return compared === 0
    ? null
    : `${formatPercent(agreement)} agreement in ${formatCount(compared)} compared`;
}
