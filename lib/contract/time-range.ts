import { addUnits, startOfUnit } from "./time-zone.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The ranges that are offered by name; each is what `range=` in an address may be. */
export const RANGE_PRESETS = [
  { id: "15m", label: "Last 15 minutes" },
  { id: "1h", label: "Last hour" },
  { id: "6h", label: "Last 6 hours" },
  { id: "24h", label: "Last 24 hours" },
  { id: "7d", label: "Last 7 days" },
  { id: "30d", label: "Last 30 days" },
  { id: "90d", label: "Last 90 days" },
  { id: "today", label: "Today" },
  { id: "yesterday", label: "Yesterday" },
  { id: "mtd", label: "Month to date" },
  { id: "last-month", label: "Last month" },
] as const;

type CalendarPreset = "today" | "yesterday" | "mtd" | "last-month";

/** A preset, or a length such as `2h` that ends now: relative ranges stay relative in addresses. */
export type RangeToken = CalendarPreset | `${number}${"m" | "h" | "d" | "w"}`;

export const DEFAULT_RANGE: RangeToken = "24h";

/** A range as chosen: relative to now, or between two instants (milliseconds since the epoch). */
export type TimeRange =
  | { kind: "relative"; token: RangeToken }
  | { kind: "absolute"; fromMs: number; toMs: number };

/** A range as queried: from the first instant on, before the second. */
export interface Interval {
  fromMs: number;
  toMs: number;
}

const UNITS_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS } as const;
const UNIT_NAMES = { m: "minute", h: "hour", d: "day", w: "week" } as const;
const LENGTH = /^([1-9]\d{0,4})(m|h|d|w)$/;
/** Longer than any log is kept; a typing mistake should not scan everything. */
const MAX_LENGTH_MS = 3 * 366 * DAY_MS;
const CALENDAR: readonly string[] = ["today", "yesterday", "mtd", "last-month"];

/** Sums are kept per quarter of an hour; longer ranges begin on one, so that pages count alike. */
const ROLLUP_MS = 15 * MINUTE_MS;
const RAW_ROWS_UP_TO_MS = 6 * HOUR_MS;

/** Reads `range=`; undefined when it is no preset and no length. */
export function readRangeToken(text: string): RangeToken | undefined {
  const length = lengthOf(text);
  const isKnown = CALENDAR.includes(text) || (length !== undefined && length <= MAX_LENGTH_MS);
  // Checked just above: the text is a calendar preset or a length.
  return isKnown ? (text as RangeToken) : undefined;
}

function lengthOf(text: string): number | undefined {
  const [, count, unit] = LENGTH.exec(text) ?? [];
  if (count === undefined || (unit !== "m" && unit !== "h" && unit !== "d" && unit !== "w")) {
    return undefined;
  }
  return Number(count) * UNITS_MS[unit];
}

/** A relative range in words, as "Last 2 hours". */
export function rangeLabel(token: RangeToken): string {
  const preset = RANGE_PRESETS.find(({ id }) => id === token);
  if (preset !== undefined) {
    return preset.label;
  }
  const [, count = "", unit] = LENGTH.exec(token) ?? [];
  const name = UNIT_NAMES[unit === "m" || unit === "h" || unit === "w" ? unit : "d"];
  return count === "1" ? `Last ${name}` : `Last ${count} ${name}s`;
}

/** The instants of a range. Calendar presets have the days and months of `zone`. */
export function resolveRange(
  range: TimeRange,
  { nowMs, zone }: { nowMs: number; zone: string },
): Interval {
  if (range.kind === "absolute") {
    return { fromMs: range.fromMs, toMs: range.toMs };
  }
  switch (range.token) {
    case "today":
      return { fromMs: startOfUnit(nowMs, "day", zone), toMs: nowMs };
    case "yesterday":
      return {
        fromMs: addUnits(nowMs, { unit: "day", zone, count: -1 }),
        toMs: startOfUnit(nowMs, "day", zone),
      };
    case "mtd":
      return { fromMs: startOfUnit(nowMs, "month", zone), toMs: nowMs };
    case "last-month":
      return {
        fromMs: addUnits(nowMs, { unit: "month", zone, count: -1 }),
        toMs: startOfUnit(nowMs, "month", zone),
      };
    default:
      return untilNow(lengthOf(range.token) ?? DAY_MS, nowMs);
  }
}

function untilNow(lengthMs: number, nowMs: number): Interval {
  const fromMs = nowMs - lengthMs;
  return {
    fromMs: lengthMs <= RAW_ROWS_UP_TO_MS ? fromMs : fromMs - (fromMs % ROLLUP_MS),
    toMs: nowMs,
  };
}

/** The equally long range just before one, to compare it with. */
export function previousInterval({ fromMs, toMs }: Interval): Interval {
  return { fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

/** A range moved by its own length; it never ends after now. */
export function shiftInterval(
  { fromMs, toMs }: Interval,
  { direction, nowMs }: { direction: -1 | 1; nowMs: number },
): Interval {
  const length = toMs - fromMs;
  const end = Math.min(toMs + direction * length, Math.max(nowMs, toMs));
  return { fromMs: end - length, toMs: end };
}

/** A range twice as long about the same middle; what would lie after now is added before it. */
export function zoomOut({ fromMs, toMs }: Interval, nowMs: number): Interval {
  const length = Math.min(2 * (toMs - fromMs), MAX_LENGTH_MS);
  const end = Math.min(Math.ceil((fromMs + toMs + length) / 2), Math.max(nowMs, toMs));
  return { fromMs: Math.max(end - length, 0), toMs: end };
}
