import { expect, test } from "vitest";
import { LATENCY_CLASSES, latencyClassOf } from "../catalog/latency-buckets.ts";
import { addTotals, metricOf, NO_TOTALS, type UsageTotals } from "./usage-metrics.ts";

function totals(changes: Partial<UsageTotals>): UsageTotals {
  return { ...NO_TOTALS, ...changes };
}

function latencies(...counts: [ms: number, count: number][]): number[] {
  const buckets = new Array<number>(LATENCY_CLASSES).fill(0);
  for (const [ms, count] of counts) {
    buckets[latencyClassOf(ms)] = count;
  }
  return buckets;
}

test("a ratio of a whole is weighted by its parts", () => {
  const whole = addTotals([
    totals({ requests: 1, failed: 1, inputTokens: 10, cachedTokens: 10 }),
    totals({ requests: 99, failed: 0, inputTokens: 990, cachedTokens: 0 }),
  ]);

  expect(metricOf("error_rate").of(whole)).toBe(0.01);
  expect(metricOf("cached_share").of(whole)).toBe(0.01);
});

test("a percentile of a whole comes from its counts", () => {
  const fast = totals({ requests: 96, latencyBuckets: latencies([10, 96]) });
  const slow = totals({ requests: 4, latencyBuckets: latencies([50_000, 4]) });
  const p95 = metricOf("latency_p95");

  expect(p95.of(addTotals([fast, slow]))).toBeLessThan(20);
  expect(metricOf("latency_p99").of(addTotals([fast, slow]))).toBeGreaterThan(40_000);
});

test("nothing has no ratio, and no cost", () => {
  for (const id of ["error_rate", "cost_per_request", "latency_p50", "output_speed"] as const) {
    expect(metricOf(id).of(NO_TOTALS)).toBeNull();
  }
  expect(metricOf("spend").of(NO_TOTALS)).toBe(0);
});

test("requests without a price do not make the others cheaper", () => {
  const some = totals({ requests: 10, unpriced: 8, costNanos: 4_000_000_000n });

  expect(metricOf("cost_per_request").of(some)).toBe(2);
});
