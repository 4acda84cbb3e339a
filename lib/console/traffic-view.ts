import { latencyPercentile } from "#lib/catalog/latency-buckets.ts";
import type { TrafficView } from "#lib/contract/deployment-board.ts";
import type { TrafficSums } from "#lib/db/deployment-usage.ts";

const P95 = 0.95;

/** Sums of a span as pages show them: a ratio and a percentile, never averages of such. */
export function trafficViewOf(sums: TrafficSums | undefined): TrafficView {
  if (sums === undefined || sums.requests === 0) {
    return { requests: 0, error_rate: null, latency_p95_ms: null };
  }
  return {
    requests: sums.requests,
    error_rate: sums.failed / sums.requests,
    latency_p95_ms: latencyPercentile(sums.latencyBuckets, P95),
  };
}
