import { z } from "zod";
import type { CacheEntryInfo, CacheEntryQuery, CacheStats } from "./cache.ts";
import type { CACHE_TABS } from "./cache-names.ts";
import type { CacheSettings } from "./cache-settings.ts";
import { THRESHOLD_MAX, THRESHOLD_MIN } from "./cache-threshold.ts";
import type { SettingsInfo } from "./settings.ts";
import type { Interval } from "./time-range.ts";
import type { UsageBucket, UsageSeries } from "./usage-report.ts";

/** What the page of the caches shows beside what the admin API tells. */
export interface CacheTraffic {
  stats: CacheStats;
  buckets: UsageBucket[];
  /** Requests by what the cache said to them: exact, semantic, miss, bypass. */
  lookups: UsageSeries[];
  /** Hits among the look-ups of each bucket; `null` where there were none. */
  hitRate: (number | null)[];
  /** The zone whose days and weeks the buckets are; `null` where none matters. */
  zone: string | null;
}

/** A stored answer as the page lists it. */
export interface CacheBoardRow extends CacheEntryInfo {
  /** The beginning of the question; `null` where nothing of it was kept, or it cannot be opened. */
  question: string | null;
}

/** Look-ups whose nearest entry was about as near. */
export interface SimilarityBin {
  /** From this similarity on, in thousandths, up to the next. */
  thousandth: number;
  /** That a threshold alone decides about. */
  open: number;
  /** That a guard kept from being answered, whatever the threshold. */
  guarded: number;
}

/** How near the nearest entries of the last days' questions were. */
export interface SimilarityView {
  days: number;
  /** Semantic look-ups that were noted. */
  lookups: number;
  /** That had nothing to be compared with. */
  alone: number;
  /** Ascending; without the bins in which there is nothing. */
  bins: SimilarityBin[];
  /** Semantic look-ups a day, noted or not. */
  perDay: number;
  threshold: number;
}

/** What another threshold would have done to the look-ups that were noted. */
export interface ThresholdEstimate {
  /** Share of the look-ups that would have been hits. */
  hitRate: number | null;
  /** The change of that share against the present threshold. */
  change: number | null;
  /** Hits more, or fewer, a day. */
  hitsPerDay: number | null;
}

const threshold = z.coerce.number().min(THRESHOLD_MIN).max(THRESHOLD_MAX);

export const nearMissQuery = z.strictObject({ threshold });
export type NearMissQuery = z.infer<typeof nearMissQuery>;

/** Whether questions are matched by meaning now, and if not, why not. */
export type SemanticView =
  | { state: "off" }
  /** The first question makes the table. */
  | { state: "waiting" }
  | { state: "ready"; dimensions: number }
  | { state: "unavailable"; reason: string };

/** Two questions that another threshold would have answered alike, to judge by eye. */
export interface NearMiss {
  id: string;
  similarity: number;
  model: string;
  question: string;
  /** The question that was answered before. */
  answered: string;
}

export type CacheTabId = (typeof CACHE_TABS)[number];

/** What the address of the page asks for. */
export interface CacheTabQuery {
  tab: CacheTabId;
  interval: Interval;
  /** The zone whose days the chart has. */
  zone: string;
  nowMs: number;
  entries: CacheEntryQuery;
}

/** What a view of the page shows. */
export type CacheTabView =
  | { tab: "overview"; traffic: CacheTraffic; settings: CacheSettings }
  | {
      tab: "entries";
      entries: CacheBoardRow[];
      total: number;
      offset: number;
      size: number;
      isFiltered: boolean;
      isOn: boolean;
    }
  | {
      tab: "similarity";
      similarity: SimilarityView;
      info: SettingsInfo<"cache">;
      semantic: SemanticView;
    }
  | { tab: "settings"; info: SettingsInfo<"cache">; semantic: SemanticView };

/** A clearing as parameters of an address: only counted. */
export const cachePreviewQuery = z.strictObject({
  all: z
    .literal("true")
    .transform(() => true as const)
    .optional(),
  model: z.string().trim().min(1).max(256).optional(),
  team_id: z.uuid().optional(),
  older_than_seconds: z.coerce.number().int().min(0).max(604_800).optional(),
});

/** A question that somebody tries out. */
export const cacheTrial = z.strictObject({
  prompt: z.string().trim().min(1).max(8000),
  model: z.string().trim().min(1).max(256),
});
export type CacheTrial = z.infer<typeof cacheTrial>;

/** A stored question near the one that was tried. */
export interface TrialMatch {
  id: string;
  similarity: number;
  /** Whether a request with the same rest would be answered with it. */
  would_hit: boolean;
  /** What keeps it from being given however near it is, as `number`. */
  guard: string | null;
  scope: string;
  source_request_id: string;
  /** The stored question; `null` where it may not be kept to be read. */
  question: string | null;
}

export interface TrialResult {
  threshold: number;
  matches: TrialMatch[];
}
