/**
 * The classes of the histogram of how long guardrail checks take, in microseconds, as Postgres'
 * `width_bucket(duration, bounds)` numbers them. Stored rows are read by position: the list may be
 * extended at its end, never changed inside.
 */
export const CHECK_BOUNDS_US: readonly number[] = [
  20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
  1_000_000, 2_000_000, 5_000_000,
];

export const CHECK_CLASSES = CHECK_BOUNDS_US.length + 1;
