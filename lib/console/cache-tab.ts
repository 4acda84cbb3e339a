import { describeSemantic } from "#lib/cache/semantic-space.ts";
import type { CacheTabQuery, CacheTabView } from "#lib/contract/cache-console.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { listModels } from "#lib/routing/models.ts";
import type { Actor } from "./actor.ts";
import { showCacheBoard } from "./cache-board.ts";
import { showSimilarities } from "./cache-similarity.ts";
import { showCacheTraffic } from "./cache-stats.ts";
import { showSettings } from "./settings.ts";

/** What one view of the page of the caches shows, within the actor's reach. */
export async function showCacheTab(actor: Actor, query: CacheTabQuery): Promise<CacheTabView> {
  const { tab, entries } = query;
  const settings = currentSettings().cache;
  switch (tab) {
    case "overview":
      return { tab, traffic: await showCacheTraffic(actor, query), settings };
    case "entries": {
      const { limit: size, offset, ...conditions } = entries;
      const isFiltered = Object.values(conditions).some((value) => value !== undefined);
      const isOn = settings.exact_enabled || settings.semantic_enabled;
      return { tab, ...(await showCacheBoard(actor, entries)), offset, size, isFiltered, isOn };
    }
    case "similarity": {
      const similarity = await showSimilarities(actor);
      return { tab, similarity, ...(await showCacheSettings(actor)) };
    }
    case "settings":
      return { tab, ...(await showCacheSettings(actor)) };
    default:
      return tab satisfies never;
  }
}

async function showCacheSettings(actor: Actor) {
  return { info: await showSettings(actor, "cache"), semantic: await describeSemantic() };
}

/** The names that requests may ask for. */
export function showModelNames(): string[] {
  return listModels({ snapshot: currentSnapshot(), allowedModels: null }).map(({ name }) => name);
}
