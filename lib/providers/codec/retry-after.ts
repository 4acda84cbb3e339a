/** Headers that hold milliseconds, exact where `retry-after` is rounded; they count before it. */
const MILLISECOND_HEADERS = ["retry-after-ms", "x-ms-retry-after-ms"] as const;

/**
 * How long an upstream asks to be left alone, in milliseconds, or `undefined` when it does not say.
 * `retry-after` is seconds or an HTTP date (RFC 9110, 10.2.3).
 */
export function retryAfterMs(
  headers: ReadonlyMap<string, string>,
  nowMs: number,
): number | undefined {
  for (const name of MILLISECOND_HEADERS) {
    const wait = positive(headers.get(name));
    if (wait !== undefined) {
      return Math.ceil(wait);
    }
  }
  const header = headers.get("retry-after");
  const seconds = positive(header);
  if (seconds !== undefined) {
    return Math.ceil(seconds * 1000);
  }
  const date = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function positive(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "") {
    return undefined;
  }
  const value = Number(header);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
