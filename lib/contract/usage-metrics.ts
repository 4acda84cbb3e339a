import { latencyPercentile, sumLatencyBuckets } from "../catalog/latency-buckets.ts";

/**
 * What requests add up to. Everything here is a sum, so that the sums of parts are the sum of the
 * whole; ratios and percentiles are made of them last, by `metricOf`, and never averaged.
 */
export interface UsageTotals {
  requests: number;
  /** What the gateway or a provider failed to do. */
  failed: number;
  /** Answered from the gateway's own cache. */
  cached: number;
  /** Answered without a known price: not in the cost. */
  unpriced: number;
  /** Everything read, from a provider's cache or not. */
  inputTokens: number;
  /** The share of it that a provider read from its cache. */
  cachedTokens: number;
  /** Everything written, reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
  costNanos: bigint;
  /** What stored answers that were given again would have cost. */
  savedNanos: bigint;
  latencyMsSum: number;
  /** Requests per class of `catalog/latency-buckets.ts`; empty when they were not asked for. */
  latencyBuckets: readonly number[];
  /** The same of the time to the first content, of requests that had one. */
  ttftBuckets: readonly number[];
}

export const NO_TOTALS: UsageTotals = {
  requests: 0,
  failed: 0,
  cached: 0,
  unpriced: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costNanos: 0n,
  savedNanos: 0n,
  latencyMsSum: 0,
  latencyBuckets: [],
  ttftBuckets: [],
};

export function addTotals(parts: readonly UsageTotals[]): UsageTotals {
  const sum = { ...NO_TOTALS };
  for (const part of parts) {
    sum.requests += part.requests;
    sum.failed += part.failed;
    sum.cached += part.cached;
    sum.unpriced += part.unpriced;
    sum.inputTokens += part.inputTokens;
    sum.cachedTokens += part.cachedTokens;
    sum.outputTokens += part.outputTokens;
    sum.reasoningTokens += part.reasoningTokens;
    sum.costNanos += part.costNanos;
    sum.savedNanos += part.savedNanos;
    sum.latencyMsSum += part.latencyMsSum;
  }
  sum.latencyBuckets = addHistograms(parts.map(({ latencyBuckets }) => latencyBuckets));
  sum.ttftBuckets = addHistograms(parts.map(({ ttftBuckets }) => ttftBuckets));
  return sum;
}

function addHistograms(histograms: readonly (readonly number[])[]): readonly number[] {
  const counted = histograms.filter((buckets) => buckets.length > 0);
  return counted.length === 0 ? [] : sumLatencyBuckets(counted);
}

export type UsageUnit = "usd" | "count" | "tokens" | "ms" | "ratio" | "per-second";
/** Parts of an additive metric add up to the whole: they are stacked. Others are lines. */
export type UsageKind = "additive" | "ratio" | "percentile";

interface MetricRow {
  id: string;
  label: string;
  unit: UsageUnit;
  kind: UsageKind;
  /** The histogram that it is read from. */
  histogram?: "latency" | "ttft";
  /** `null` where there is nothing to divide by. */
  of: (totals: UsageTotals) => number | null;
}

const NANOS_PER_USD = 1e9;

const usdOf = ({ costNanos }: UsageTotals): number => Number(costNanos) / NANOS_PER_USD;
const savedUsdOf = ({ savedNanos }: UsageTotals): number => Number(savedNanos) / NANOS_PER_USD;
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const percentile = (of: number) => (totals: UsageTotals) =>
  latencyPercentile(totals.latencyBuckets, of);

export const USAGE_METRICS = [
  { id: "spend", label: "Spend", unit: "usd", kind: "additive", of: usdOf },
  { id: "saved", label: "Cache savings", unit: "usd", kind: "additive", of: savedUsdOf },
  {
    id: "requests",
    label: "Requests",
    unit: "count",
    kind: "additive",
    of: ({ requests }) => requests,
  },
  {
    id: "input_tokens",
    label: "Input tokens",
    unit: "tokens",
    kind: "additive",
    of: ({ inputTokens }) => inputTokens,
  },
  {
    id: "output_tokens",
    label: "Output tokens",
    unit: "tokens",
    kind: "additive",
    of: ({ outputTokens }) => outputTokens,
  },
  {
    id: "cached_tokens",
    label: "Cached input tokens",
    unit: "tokens",
    kind: "additive",
    of: ({ cachedTokens }) => cachedTokens,
  },
  {
    id: "reasoning_tokens",
    label: "Reasoning tokens",
    unit: "tokens",
    kind: "additive",
    of: ({ reasoningTokens }) => reasoningTokens,
  },
  {
    id: "cost_per_request",
    label: "Cost per request",
    unit: "usd",
    kind: "ratio",
    of: (totals) => share(usdOf(totals), totals.requests - totals.unpriced),
  },
  {
    id: "error_rate",
    label: "Error rate",
    unit: "ratio",
    kind: "ratio",
    of: ({ failed, requests }) => share(failed, requests),
  },
  {
    id: "latency_p50",
    label: "Latency p50",
    unit: "ms",
    kind: "percentile",
    histogram: "latency",
    of: percentile(0.5),
  },
  {
    id: "latency_p95",
    label: "Latency p95",
    unit: "ms",
    kind: "percentile",
    histogram: "latency",
    of: percentile(0.95),
  },
  {
    id: "latency_p99",
    label: "Latency p99",
    unit: "ms",
    kind: "percentile",
    histogram: "latency",
    of: percentile(0.99),
  },
  {
    id: "ttft_p95",
    label: "Time to first token p95",
    unit: "ms",
    kind: "percentile",
    histogram: "ttft",
    of: ({ ttftBuckets }) => latencyPercentile(ttftBuckets, 0.95),
  },
  {
    id: "output_speed",
    label: "Output speed",
    unit: "per-second",
    kind: "ratio",
    of: ({ outputTokens, latencyMsSum }) =>
      outputTokens === 0 ? null : share(outputTokens, latencyMsSum / 1000),
  },
  {
    id: "cached_share",
    label: "Cached share of input",
    unit: "ratio",
    kind: "ratio",
    of: ({ cachedTokens, inputTokens }) => share(cachedTokens, inputTokens),
  },
  {
    id: "cache_hit_rate",
    label: "Cache hit rate",
    unit: "ratio",
    kind: "ratio",
    of: ({ cached, requests }) => share(cached, requests),
  },
] as const satisfies readonly MetricRow[];

export type UsageMetricId = (typeof USAGE_METRICS)[number]["id"];
export type UsageMetric = MetricRow & { id: UsageMetricId };

/** The row of a metric. */
export function metricOf(id: UsageMetricId): UsageMetric {
  const rows: readonly UsageMetric[] = USAGE_METRICS;
  const row = rows.find((each) => each.id === id);
  if (row === undefined) {
    throw new Error(`There is no metric ${id}.`);
  }
  return row;
}
