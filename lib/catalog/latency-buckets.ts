/**
 * The classes of the latency histogram in `usage_rollup_15m`. Class `i` holds requests of at least
 * `bounds[i - 1]` and less than `bounds[i]` milliseconds; the last one has no upper bound. The steps
 * are 1, 1.5, 2, 3, 5, 7 in every decade, so that an interpolated percentile is off by less than a
 * fifth wherever it falls.
 *
 * Stored rows are read by position: the list may be extended at its end, never changed inside.
 */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000,
  3_000, 5_000, 7_000, 10_000, 15_000, 20_000, 30_000, 50_000, 70_000, 100_000, 150_000, 200_000,
  300_000, 500_000, 700_000,
];

export const LATENCY_CLASSES = LATENCY_BOUNDS_MS.length + 1;

/** The class of a latency, as Postgres' `width_bucket(latency, bounds)` finds it. */
export function latencyClassOf(latencyMs: number): number {
  const at = LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs < bound);
  return at === -1 ? LATENCY_BOUNDS_MS.length : at;
}

/** Adds up histograms; rows written before the list was extended are shorter. */
export function sumLatencyBuckets(rows: readonly (readonly (number | bigint)[])[]): number[] {
  const sum = new Array<number>(LATENCY_CLASSES).fill(0);
  for (const row of rows) {
    for (const [at, count] of row.entries()) {
      sum[at] = (sum[at] ?? 0) + Number(count);
    }
  }
  return sum;
}

/**
 * The latency in milliseconds below which a share (0 to 1) of the counted requests lies,
 * interpolated inside its class; `null` when nothing was counted. In the open last class it is the
 * class's lower bound, the most that is known.
 */
export function latencyPercentile(
  buckets: readonly (number | bigint)[],
  share: number,
): number | null {
  const counts = buckets.map(Number);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return null;
  }
  const rank = Math.min(Math.max(share, 0), 1) * total;
  let below = 0;
  for (const [at, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      // The middle of the place that the request at this rank has among those of its class: the end
      // of the class would be far above the only request in it.
      const place = Math.max(1, Math.ceil(rank) - below);
      return withinClass(at, (place - 0.5) / count);
    }
    below += count;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}

function withinClass(at: number, share: number): number {
  const lower = at === 0 ? 0 : (LATENCY_BOUNDS_MS[at - 1] ?? 0);
  const upper = LATENCY_BOUNDS_MS[at] ?? lower;
  return lower + (upper - lower) * share;
}
