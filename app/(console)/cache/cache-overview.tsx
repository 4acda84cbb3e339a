import type { CacheTraffic } from "#lib/contract/cache-console.ts";
import type { CacheSettings } from "#lib/contract/cache-settings.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { CacheCharts } from "./cache-charts.tsx";
import { CacheTiles } from "./cache-tiles.tsx";
import { TurnOn } from "./turn-on.tsx";

export interface CacheOverviewProps {
  traffic: CacheTraffic;
  settings: CacheSettings;
  isAdmin: boolean;
}

/** How often stored answers were given, or that none are kept. */
export function CacheOverview({ traffic, settings, isAdmin }: CacheOverviewProps) {
  const { exact, semantic, miss, bypass } = traffic.stats.lookups;
  const isOff = !(settings.exact_enabled || settings.semantic_enabled);
  const isUnused = exact + semantic + miss === 0;
  if (isOff && isUnused) {
    return (
      <EmptyState title="Cache is off." action={isAdmin ? <TurnOn /> : null}>
        {isAdmin
          ? "With exact matching, a request that was answered before is answered again from memory, to the same key."
          : "An admin can turn it on. Until then every request goes to a provider."}
      </EmptyState>
    );
  }
  if (isUnused && bypass === 0) {
    return (
      <EmptyState title="No requests in this time.">
        Choose a longer range, or wait a few seconds after the first request.
      </EmptyState>
    );
  }
  return (
    <>
      {isOff ? (
        <p role="status" className="rounded-lg border border-border bg-surface px-4 py-3 text-sm">
          Both caches are off now. The figures are of the time before.
        </p>
      ) : null}
      <CacheTiles stats={traffic.stats} />
      <CacheCharts traffic={traffic} />
    </>
  );
}
