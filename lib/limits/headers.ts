import type { RateReading } from "./demand.ts";

/**
 * OpenAI's six headers, for the tightest of the limits that a request was counted against: what is
 * left of it, and when its minute ends. No limit, no headers.
 */
export function rateHeaders(readings: readonly RateReading[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const limiter of ["requests", "tokens"] as const) {
    const reading = tightest(readings, limiter);
    if (reading !== undefined) {
      headers[`x-ratelimit-limit-${limiter}`] = String(reading.limit);
      headers[`x-ratelimit-remaining-${limiter}`] = String(reading.remaining);
      headers[`x-ratelimit-reset-${limiter}`] = formatDuration(reading.resetMs);
    }
  }
  return headers;
}

function tightest(
  readings: readonly RateReading[],
  limiter: RateReading["limiter"],
): RateReading | undefined {
  let least: RateReading | undefined;
  for (const reading of readings) {
    if (reading.limiter === limiter && reading.remaining < (least?.remaining ?? Infinity)) {
      least = reading;
    }
  }
  return least;
}

/** Milliseconds as Go writes durations, which is what OpenAI sends: `250ms`, `1.5s`, `6m0s`. */
export function formatDuration(durationMs: number): string {
  const wholeMs = Math.round(durationMs);
  if (wholeMs < 1_000) {
    return wholeMs === 0 ? "0s" : `${wholeMs}ms`;
  }
  const hours = Math.floor(wholeMs / 3_600_000);
  const minutes = Math.floor(wholeMs / 60_000) % 60;
  const seconds = `${(wholeMs % 60_000) / 1_000}s`;
  if (hours > 0) {
    return `${hours}h${minutes}m${seconds}`;
  }
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
