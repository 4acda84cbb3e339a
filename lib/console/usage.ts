import { latencyPercentile, sumLatencyBuckets } from "#lib/catalog/latency-buckets.ts";
import type {
  UsageInterval,
  UsageMeasures,
  UsageQuery,
  UsageReport,
} from "#lib/contract/analytics.ts";
import { sumUsageOverTime, type UsagePoint } from "#lib/db/analytics.ts";
import { getDb } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { filterOf, sumsOf } from "./spend.ts";
import { rangeOf } from "./usage-range.ts";

const INTERVALS_MS: Readonly<Record<UsageInterval, number>> = {
  "15m": 900_000,
  "1h": 3_600_000,
  "1d": 86_400_000,
};

/** More points than any chart can show, and a bound on what one report costs. */
const MAX_POINTS = 3000;

/** Requests, failures, tokens, spend and latency over time, without gaps, and in all, within reach. */
export async function reportUsage(actor: Actor, query: UsageQuery): Promise<UsageReport> {
  const intervalMs = INTERVALS_MS[query.interval];
  const { start, end } = rangeOf(query);
  const starts = startsOf({ start, end, intervalMs });
  const points = await sumUsageOverTime(getDb("console"), {
    filter: filterOf(actor, query, { start, end }),
    intervalMs,
  });
  const byStart = new Map(points.map((point) => [point.start.getTime(), point]));
  return {
    start: start.toISOString(),
    end: end.toISOString(),
    interval: query.interval,
    totals: measuresOf(addUp(points)),
    series: starts.map((at) => ({
      start: new Date(at).toISOString(),
      ...measuresOf(byStart.get(at) ?? addUp([])),
    })),
  };
}

/** Where the intervals begin, in UTC; the first may begin before the range does. */
function startsOf(range: { start: Date; end: Date; intervalMs: number }): number[] {
  const { start, end, intervalMs } = range;
  const first = Math.floor(start.getTime() / intervalMs) * intervalMs;
  const count = Math.ceil((end.getTime() - first) / intervalMs);
  if (count > MAX_POINTS) {
    throw new ConduitError("invalid_value", {
      message: `'interval' is too short for this range: it makes ${count} points, and ${MAX_POINTS} are the most.`,
      param: "interval",
    });
  }
  return Array.from({ length: count }, (_, index) => first + index * intervalMs);
}

type Sums = Omit<UsagePoint, "start">;

function addUp(points: readonly UsagePoint[]): Sums {
  const total: Sums = {
    requests: 0,
    failedRequests: 0,
    unpricedRequests: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    costNanos: 0n,
    latencyBuckets: sumLatencyBuckets(points.map((point) => point.latencyBuckets)),
  };
  for (const point of points) {
    total.requests += point.requests;
    total.failedRequests += point.failedRequests;
    total.unpricedRequests += point.unpricedRequests;
    total.inputTokens += point.inputTokens;
    total.cachedTokens += point.cachedTokens;
    total.outputTokens += point.outputTokens;
    total.costNanos += point.costNanos;
  }
  return total;
}

function measuresOf(sums: Sums): UsageMeasures {
  return {
    ...sumsOf(sums),
    error_rate: sums.requests === 0 ? null : sums.failedRequests / sums.requests,
    latency_ms_p50: latencyPercentile(sums.latencyBuckets, 0.5),
    latency_ms_p95: latencyPercentile(sums.latencyBuckets, 0.95),
    latency_ms_p99: latencyPercentile(sums.latencyBuckets, 0.99),
  };
}
