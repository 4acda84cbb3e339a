import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LATENCY_BOUNDS_MS,
  LATENCY_CLASSES,
  latencyClassOf,
  latencyPercentile,
  sumLatencyBuckets,
} from "./latency-buckets.ts";

function histogramOf(latencies: readonly number[]): number[] {
  const counts = new Array<number>(LATENCY_CLASSES).fill(0);
  for (const latency of latencies) {
    const at = latencyClassOf(latency);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

describe("the latency histogram", () => {
  it("a class holds its lower bound and not its upper one", () => {
    expect(latencyClassOf(0)).toBe(0);
    expect(latencyClassOf(1)).toBe(1);
    expect(latencyClassOf(1.49)).toBe(1);
    expect(latencyClassOf(1.5)).toBe(2);
    expect(latencyClassOf(1e9)).toBe(LATENCY_CLASSES - 1);
  });

  it("a percentile lies in the class of the true one", () => {
    const latency = fc.double({ min: 0, max: 600_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (latencies, share) => {
          const sorted = latencies.toSorted((a, b) => a - b);
          const truth = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          const found = latencyPercentile(histogramOf(latencies), share) ?? -1;
          const at = latencyClassOf(truth);
          expect(found).toBeGreaterThanOrEqual(at === 0 ? 0 : (LATENCY_BOUNDS_MS[at - 1] ?? 0));
          expect(found).toBeLessThanOrEqual(LATENCY_BOUNDS_MS[at] ?? Number.POSITIVE_INFINITY);
        },
      ),
    );
  });

  it("nothing counted has no percentile", () => {
    expect(latencyPercentile([], 0.5)).toBeNull();
    expect(latencyPercentile(histogramOf([]), 0.5)).toBeNull();
  });

  it("beyond the last bound the bound is what is known", () => {
    expect(latencyPercentile(histogramOf([1e9]), 0.99)).toBe(700_000);
  });

  it("histograms add up, shorter ones of earlier versions too", () => {
    const sum = sumLatencyBuckets([[1n, 2n], histogramOf([0, 0.5])]);
    expect(sum.slice(0, 3)).toEqual([3, 2, 0]);
    expect(sum).toHaveLength(LATENCY_CLASSES);
  });
});
