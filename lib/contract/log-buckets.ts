import { instantOfWall, wallTimeOf } from "./time-zone.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LADDER_MS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  8 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  56 * DAY,
];
const MOST = 96;

/**
 * The bounds of a histogram's bars, ascending, from `fromMs` to `toMs`: bar `i` is
 * `[bounds[i], bounds[i + 1])`. Inner bounds stand on round readings of the clocks in `zone`, so the
 * first and the last bar may be shorter. There are at most 96 bars.
 */
export function histogramBounds(range: { fromMs: number; toMs: number; zone: string }): number[] {
  const { fromMs, toMs, zone } = range;
  const length = toMs - fromMs;
  // One more bar than whole steps fit, since neither end need stand on a bound.
  const step = LADDER_MS.find((each) => Math.ceil(length / each) + 1 <= MOST) ?? lastStep(length);
  const bounds = [fromMs];
  for (let at = nextBound(fromMs, step, zone); at < toMs; at = nextBound(at, step, zone)) {
    bounds.push(at);
  }
  return [...bounds, toMs];
}

function lastStep(lengthMs: number): number {
  return Math.ceil(lengthMs / (MOST - 2) / DAY) * DAY;
}

/** The first bound after an instant. Steps shorter than an hour are the same in every zone but few. */
function nextBound(atMs: number, stepMs: number, zone: string): number {
  if (stepMs < HOUR) {
    return (Math.floor(atMs / stepMs) + 1) * stepMs;
  }
  const wall = wallTimeOf(atMs, zone);
  const reading = Date.UTC(
    wall.year,
    wall.month - 1,
    wall.day,
    wall.hour,
    wall.minute,
    wall.second,
  );
  const next = new Date((Math.floor(reading / stepMs) + 1) * stepMs);
  const bound = instantOfWall(
    {
      year: next.getUTCFullYear(),
      month: next.getUTCMonth() + 1,
      day: next.getUTCDate(),
      hour: next.getUTCHours(),
    },
    zone,
  );
  // Where clocks go back, a reading may name an instant that has passed.
  return bound > atMs ? bound : atMs + stepMs;
}
