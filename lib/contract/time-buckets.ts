import type { Interval } from "./time-range.ts";
import { addUnits, startOfUnit } from "./time-zone.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lengths of a chart's buckets. Those of a day and more follow the calendar of a zone. */
export const BUCKETS = ["1m", "5m", "15m", "1h", "3h", "1d", "1w", "1mo"] as const;
export type Bucket = (typeof BUCKETS)[number];

const FIXED_MS: Partial<Record<Bucket, number>> = {
  "1m": MINUTE_MS,
  "5m": 5 * MINUTE_MS,
  "15m": 15 * MINUTE_MS,
  "1h": HOUR_MS,
  "3h": 3 * HOUR_MS,
};

const CALENDAR = { "1d": "day", "1w": "week", "1mo": "month" } as const;

/** Up to which length of a range a bucket is chosen, shortest first. */
const CHOICES = [
  { upToMs: HOUR_MS, bucket: "1m" },
  { upToMs: 6 * HOUR_MS, bucket: "5m" },
  // A day on which clocks go back, and a range that begins on a quarter of an hour, are a bit longer.
  { upToMs: 25 * HOUR_MS, bucket: "15m" },
  { upToMs: 3 * DAY_MS + HOUR_MS, bucket: "1h" },
  { upToMs: 7 * DAY_MS + HOUR_MS, bucket: "3h" },
  { upToMs: 92 * DAY_MS, bucket: "1d" },
] as const;

/** The bucket that suits a range: 24 to about 100 of them. */
export function autoBucket({ fromMs, toMs }: Interval): Bucket {
  return CHOICES.find(({ upToMs }) => toMs - fromMs <= upToMs)?.bucket ?? "1w";
}

/** Whether a bucket is finer than the quarters of an hour for which sums are kept. */
export function needsRawRows(bucket: Bucket): boolean {
  return bucket === "1m" || bucket === "5m";
}

/**
 * From where fixed buckets are counted: the local midnight before the range, so that hours are whole
 * hours also in zones that are 30 or 45 minutes off.
 */
function bucketOrigin({ fromMs }: Interval, zone: string): number {
  return startOfUnit(fromMs, "day", zone);
}

/** Guards a page against a bucket that is far too fine for its range. */
const MAX_BUCKETS = 5000;

/**
 * The buckets that cover a range, in order. The first begins at or before it; every bucket is
 * half-open, and a day on which clocks change has 23 or 25 hours.
 */
export function bucketsOf(range: Interval, bucket: Bucket, zone: string): Interval[] {
  const fixed = FIXED_MS[bucket];
  const next = (at: number) => (fixed === undefined ? nextUnit(at, bucket, zone) : at + fixed);
  const buckets: Interval[] = [];
  for (let at = firstEdge(range, bucket, zone); at < range.toMs && buckets.length < MAX_BUCKETS; ) {
    const end = next(at);
    buckets.push({ fromMs: at, toMs: end });
    at = end;
  }
  return buckets;
}

function firstEdge(range: Interval, bucket: Bucket, zone: string): number {
  const fixed = FIXED_MS[bucket];
  if (fixed === undefined) {
    return startOfUnit(range.fromMs, unitOf(bucket), zone);
  }
  const origin = bucketOrigin(range, zone);
  return range.fromMs - ((range.fromMs - origin) % fixed);
}

function nextUnit(atMs: number, bucket: Bucket, zone: string): number {
  return addUnits(atMs, { unit: unitOf(bucket), zone, count: 1 });
}

function unitOf(bucket: Bucket): "day" | "week" | "month" {
  return bucket === "1w" || bucket === "1mo" ? CALENDAR[bucket] : CALENDAR["1d"];
}
