import { z } from "zod";
import { usdOutput } from "./amounts.ts";
import { CACHE_KINDS } from "./cache-names.ts";
import { cacheSettings } from "./cache-settings.ts";
import { instantOrDayInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { idParams } from "./params.ts";
import { cacheChange, settingsInfo } from "./settings.ts";

/** Stored answers: how often they are given again, which there are, and taking them away. */
const cacheKind = z.enum(CACHE_KINDS);
export type CacheKind = z.infer<typeof cacheKind>;

const modelName = z.string().trim().min(1).max(256);

export const cacheStatsQuery = z.strictObject({
  start: instantOrDayInput.optional().meta({ description: "A day before `end` by default." }),
  end: instantOrDayInput.optional().meta({ description: "Now by default; not included." }),
});
export type CacheStatsQuery = z.infer<typeof cacheStatsQuery>;

/** Requests by what the cache said to them. */
export interface CacheCounts {
  exact: number;
  semantic: number;
  miss: number;
  /** Not asked: the cache was off for them, or they wanted none of it. */
  bypass: number;
}

const share = z.number().nullable();
const milliseconds = z.number().nullable();

export const cacheStats = z
  .object({
    start: instantOutput,
    end: instantOutput,
    lookups: z.object({
      exact: z.int(),
      semantic: z.int(),
      miss: z.int(),
      bypass: z.int().meta({ description: "Requests for which no stored answer was sought." }),
    }),
    hit_rate: share.meta({
      description: "Hits among the look-ups, 0 to 1; `null` without a look-up.",
    }),
    exact_share: share.meta({ description: "Exact hits among the look-ups." }),
    semantic_share: share.meta({ description: "Semantic hits among the look-ups." }),
    saved_usd: usdOutput.meta({ description: "What the answers that were given again had cost." }),
    hit_latency_p95_ms: milliseconds,
    miss_latency_p95_ms: milliseconds,
    entries: z.int().meta({ description: "Answers that are kept now." }),
    entries_bytes: z.int(),
    compared: z.int().meta({ description: "Semantic hits that were asked upstream as well." }),
    agreement: share.meta({
      description: "How well these answers agreed with the stored ones, 0 to 1.",
    }),
  })
  .meta({ id: "CacheStats" });
export type CacheStats = z.infer<typeof cacheStats>;

export const cacheEntryQuery = listQuery.extend({
  kind: cacheKind.optional(),
  model: modelName.optional().meta({ description: "As callers ask for it." }),
  team_id: z.uuid().optional(),
});
export type CacheEntryQuery = z.infer<typeof cacheEntryQuery>;

const cacheEntryInfo = z
  .object({
    id: z.uuid(),
    kind: cacheKind,
    endpoint: z.string(),
    model: z.string().meta({ description: "As the caller asked for it." }),
    deployment: z.string().nullable(),
    scope: z.enum(["key", "team"]).meta({ description: "Whose requests it answers." }),
    key_id: z.uuid(),
    key_alias: z.string().nullable(),
    team_id: z.uuid().nullable(),
    team_name: z.string().nullable(),
    source_request_id: z.uuid(),
    hits: z.int(),
    saved_usd: usdOutput,
    cost_usd: usdOutput.meta({ description: "What the answer had cost." }),
    size_bytes: z.int(),
    created_at: instantOutput,
    expires_at: instantOutput,
  })
  .meta({ id: "CacheEntry" });
export type CacheEntryInfo = z.infer<typeof cacheEntryInfo>;

const cacheEntryList = z.object({ entries: z.array(cacheEntryInfo), total: z.int() });

/** Which stored answers are meant; conditions that are given all have to hold. */
const selection = {
  all: z.literal(true).optional().meta({ description: "Every one, when nothing else is given." }),
  kind: cacheKind.optional(),
  model: modelName.optional(),
  team_id: z.uuid().optional(),
  key_id: z.uuid().optional(),
  older_than_seconds: z.int().min(0).max(604_800).optional(),
};

export const cacheClear = z
  .strictObject({
    ...selection,
    dry_run: z.boolean().default(false).meta({ description: "Only counts." }),
  })
  .refine(({ all, dry_run: _, ...rest }) => all === true || Object.values(rest).some(isGiven), {
    path: ["all"],
    message: "has to be true where no condition is given",
  })
  .meta({ id: "CacheClear" });
export type CacheClear = z.infer<typeof cacheClear>;
export type CacheSelection = Omit<CacheClear, "all" | "dry_run">;

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

const cacheCleared = z
  .object({
    entries: z.int().meta({ description: "How many were meant." }),
    size_bytes: z.int(),
    cleared: z.boolean().meta({ description: "Whether they are gone; false for a dry run." }),
  })
  .meta({ id: "CacheCleared" });
export type CacheCleared = z.infer<typeof cacheCleared>;

const cacheSettingsInfo = settingsInfo(cacheSettings, "CacheSettings");

export const CACHE_OPERATIONS = adminOperations("Cache", [
  {
    method: "get",
    path: "/cache/settings",
    id: "getCacheSettings",
    scope: "cache.read",
    summary: "Show which answers are kept",
    answer: cacheSettingsInfo,
  },
  {
    method: "patch",
    path: "/cache/settings",
    id: "updateCacheSettings",
    scope: "cache.set",
    summary: "Change which answers are kept",
    body: cacheChange,
    answer: cacheSettingsInfo,
  },
  {
    method: "get",
    path: "/cache/stats",
    id: "getCacheStats",
    scope: "cache.read",
    summary: "Show how often stored answers are given",
    query: cacheStatsQuery,
    answer: cacheStats,
  },
  {
    method: "get",
    path: "/cache/entries",
    id: "listCacheEntries",
    scope: "cache.read",
    summary: "List stored answers",
    query: cacheEntryQuery,
    answer: cacheEntryList,
  },
  {
    method: "delete",
    path: "/cache/entries/{id}",
    id: "deleteCacheEntry",
    scope: "cache.clear",
    summary: "Take a stored answer away",
    params: idParams,
    status: 204,
  },
  {
    method: "post",
    path: "/cache/clear",
    id: "clearCache",
    scope: "cache.clear",
    summary: "Take stored answers away",
    description: "By model, team, key, kind or age. With `dry_run` they are only counted.",
    body: cacheClear,
    answer: cacheCleared,
  },
]);
