/** Headers that hold milliseconds, exact where `retry-after` is rounded; they count before it. */
const MILLISECOND_HEADERS = ["retry-after-ms", "x-ms-retry-after-ms"] as const;

/** All three forms begin with a weekday; without one `Date.parse` finds a date in nearly anything. */
const HTTP_DATE = /^\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i;

/** Beyond this an upstream's word is taken for a slip. */
export const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * How long an upstream asks to be left alone, in milliseconds, or `undefined` when it does not say.
 * At most a day is believed. `retry-after` is seconds or an HTTP date (RFC 9110, 10.2.3).
 */
export function retryAfterMs(
  headers: ReadonlyMap<string, string>,
  nowMs: number,
): number | undefined {
  for (const name of MILLISECOND_HEADERS) {
    const wait = positive(headers.get(name));
    if (wait !== undefined) {
      return Math.min(Math.ceil(wait), MAX_WAIT_MS);
    }
  }
  const header = headers.get("retry-after");
  const seconds = positive(header);
  if (seconds !== undefined) {
    return Math.min(Math.ceil(seconds * 1000), MAX_WAIT_MS);
  }
  const date = header !== undefined && HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - nowMs), MAX_WAIT_MS);
}

function positive(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "") {
    return undefined;
  }
  const value = Number(header);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
