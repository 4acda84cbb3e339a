const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

/** The last so many hours on the sums' quarters of an hour, the one that is filling included. */
export function quarterSpan(hours: number, nowMs: number = Date.now()): { start: Date; end: Date } {
  const endMs = Math.floor(nowMs / QUARTER_MS) * QUARTER_MS + QUARTER_MS;
  return { start: new Date(endMs - hours * HOUR_MS), end: new Date(endMs) };
}
