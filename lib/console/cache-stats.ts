import { LATENCY_CLASSES, latencyPercentile } from "#lib/catalog/latency-buckets.ts";
import type { CacheCounts, CacheStats, CacheStatsQuery } from "#lib/contract/cache.ts";
import type { CacheTraffic } from "#lib/contract/cache-console.ts";
import type { CacheResult } from "#lib/contract/record.ts";
import type { Interval } from "#lib/contract/time-range.ts";
import type { UsageSeries } from "#lib/contract/usage-report.ts";
import { countCacheEntries } from "#lib/db/cache-entries-read.ts";
import { averageAgreement, type CacheCount, countCacheResults } from "#lib/db/cache-stats.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { bucketFor, bucketView, spansOf } from "./usage-chart.ts";

const DAY_MS = 86_400_000;
/** Counted from log rows, whose number grows with the range. */
const MAX_RANGE_MS = 92 * DAY_MS;

const NAMES = {
  HIT: "exact",
  SEMANTIC: "semantic",
  MISS: "miss",
  BYPASS: "bypass",
} as const satisfies Record<CacheResult, keyof CacheCounts>;

const LABELS: readonly { id: keyof CacheCounts; name: string }[] = [
  { id: "exact", name: "Exact hit" },
  { id: "semantic", name: "Semantic hit" },
  { id: "miss", name: "Miss" },
  { id: "bypass", name: "Not looked up" },
];

/** How often stored answers were given in a range, and what is kept now, within the actor's reach. */
export async function showCacheStats(actor: Actor, query: CacheStatsQuery): Promise<CacheStats> {
  const toMs = query.end?.getTime() ?? Date.now();
  const interval = { fromMs: query.start?.getTime() ?? toMs - DAY_MS, toMs };
  assertRange(interval);
  const counts = await countCacheResults(getDb("console"), {
    scope: scopeOf(actor, "cache.read"),
    bounds: [new Date(interval.fromMs), new Date(interval.toMs)],
  });
  return await statsOf(actor, interval, counts);
}

function assertRange({ fromMs, toMs }: Interval): void {
  if (fromMs >= toMs) {
    throw new ConduitError("invalid_value", {
      message: "'start' has to lie before 'end'.",
      param: "start",
    });
  }
  if (toMs - fromMs > MAX_RANGE_MS) {
    throw new ConduitError("invalid_value", {
      message: "'start' has to lie within 92 days before 'end'.",
      param: "start",
    });
  }
}

/** The same over the buckets that suit a range. A longer range is shown from its last 92 days on. */
export async function showCacheTraffic(
  actor: Actor,
  query: { interval: Interval; zone: string; nowMs: number },
): Promise<CacheTraffic> {
  const { toMs } = query.interval;
  const interval = { fromMs: Math.max(query.interval.fromMs, toMs - MAX_RANGE_MS), toMs };
  const { bucket } = bucketFor({ rollup: "auto", interval });
  const spans = spansOf(interval, bucket, query);
  const counts = await countCacheResults(getDb("console"), {
    scope: scopeOf(actor, "cache.read"),
    bounds: [...spans.map(({ fromMs }) => new Date(fromMs)), new Date(toMs)],
  });
  const perBucket = Map.groupBy(counts, (count) => count.bucket);
  const sums = spans.map((_, at) => sumResults(perBucket.get(at) ?? []));
  return {
    stats: await statsOf(actor, interval, counts),
    buckets: spans.map((span) => bucketView(span, query)),
    lookups: LABELS.map(
      ({ id, name }): UsageSeries => ({
        id,
        name,
        isOther: false,
        values: sums.map((sum) => sum[id]),
      }),
    ),
    hitRate: sums.map((sum) => share(sum.exact + sum.semantic, lookupsIn(sum))),
    zone: bucket === "1d" || bucket === "1w" ? query.zone : null,
  };
}

async function statsOf(
  actor: Actor,
  { fromMs, toMs }: Interval,
  counts: readonly CacheCount[],
): Promise<CacheStats> {
  const scope = scopeOf(actor, "cache.read");
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  const db: Db = getDb("console");
  const kept = await countCacheEntries(db, { scope });
  const { compared, agreement } = await averageAgreement(db, { scope, from, to });
  const sum = sumResults(counts);
  const lookups = lookupsIn(sum);
  const saved = counts.reduce((nanos, { savedNanos }) => nanos + savedNanos, 0n);
  return {
    start: from.toISOString(),
    end: to.toISOString(),
    lookups: sum,
    hit_rate: share(sum.exact + sum.semantic, lookups),
    exact_share: share(sum.exact, lookups),
    semantic_share: share(sum.semantic, lookups),
    saved_usd: formatUsd(saved),
    hit_latency_p95_ms: p95Of(counts, ["HIT", "SEMANTIC"]),
    miss_latency_p95_ms: p95Of(counts, ["MISS"]),
    entries: kept.entries,
    entries_bytes: kept.sizeBytes,
    compared,
    agreement,
  };
}

function sumResults(counts: readonly CacheCount[]): CacheCounts {
  const sum: CacheCounts = { exact: 0, semantic: 0, miss: 0, bypass: 0 };
  for (const { result, requests } of counts) {
    sum[NAMES[result]] += requests;
  }
  return sum;
}

const lookupsIn = ({ exact, semantic, miss }: CacheCounts): number => exact + semantic + miss;
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function p95Of(counts: readonly CacheCount[], results: readonly CacheResult[]): number | null {
  const histogram = new Array<number>(LATENCY_CLASSES).fill(0);
  for (const { result, latencyClass, requests } of counts) {
    if (results.includes(result)) {
      histogram[latencyClass] = (histogram[latencyClass] ?? 0) + requests;
    }
  }
  return latencyPercentile(histogram, 0.95);
}
