import { wallTimeOf } from "#lib/contract/time-zone.ts";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
  formatTokenRate,
  UNKNOWN,
} from "../format.ts";
import type { SeriesSlot } from "./assign-slots.ts";

/** What a chart's numbers are of; one chart has one unit. */
export type ChartUnit = "count" | "tokens" | "usd" | "ms" | "ratio" | "per-second";

/** A series by slot, or the role of an outcome. Never a hue. */
export type ChartColor =
  | `series-${SeriesSlot}`
  | "success"
  | "warning"
  | "danger"
  | "info"
  | "primary";

/** Null is missing and makes a gap; zero is zero. A decimal string keeps an amount exact. */
export type ChartValue = number | string | null;

export interface ChartSeries {
  id: string;
  label: string;
  color: ChartColor;
  /** One for each bucket. */
  values: readonly ChartValue[];
}

/** ISO 8601 in UTC, from the first instant on, before the second. */
export interface ChartBucket {
  from: string;
  to: string;
}

export function colorOf(color: ChartColor): string {
  return `var(--color-${color})`;
}

export function slotColor(slot: SeriesSlot | undefined): ChartColor {
  return `series-${slot ?? "other"}`;
}

/** A value as text: in full for a tooltip or table, short for an axis. */
export function formatValue(value: ChartValue, unit: ChartUnit, isShort = false): string {
  if (value === null) {
    return UNKNOWN;
  }
  const number = Number(value);
  switch (unit) {
    case "usd":
      return formatMoney(typeof value === "string" ? value : decimalOf(number));
    case "ms":
      return formatDuration(number);
    case "ratio":
      return formatPercent(number);
    case "per-second":
      return formatTokenRate(number);
    case "count":
    case "tokens":
      return isShort ? formatCompact(number) : formatCount(Math.round(number));
    default:
      return unit satisfies never;
  }
}

/** A number without an exponent, to the nano-dollar. */
function decimalOf(value: number): string {
  return value.toFixed(9);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface LabelStyle {
  zone: string;
  clock: "24h" | "12h";
}

/** The beginning of a bucket on an axis: a clock time, a day, or both where a chart spans days. */
export function tickLabel(bucket: ChartBucket, spanMs: number, style: LabelStyle): string {
  const wall = wallTimeOf(Date.parse(bucket.from), style.zone);
  const day = `${wall.day} ${MONTHS[wall.month - 1]}`;
  if (lengthOf(bucket) >= 23 * HOUR_MS) {
    return day;
  }
  const time = clockText(wall, style.clock);
  return spanMs > 1.5 * DAY_MS ? `${day} ${time}` : time;
}

/** A whole bucket in words: `21 Nov, 14:00 to 14:15`. */
export function bucketLabel(bucket: ChartBucket, style: LabelStyle): string {
  const from = wallTimeOf(Date.parse(bucket.from), style.zone);
  const day = `${from.day} ${MONTHS[from.month - 1]} ${from.year}`;
  if (lengthOf(bucket) < 23 * HOUR_MS) {
    const to = wallTimeOf(Date.parse(bucket.to), style.zone);
    return `${day}, ${clockText(from, style.clock)} to ${clockText(to, style.clock)}`;
  }
  const last = wallTimeOf(Date.parse(bucket.to) - 1, style.zone);
  const end = `${last.day} ${MONTHS[last.month - 1]} ${last.year}`;
  return end === day ? day : `${day} to ${end}`;
}

function clockText({ hour, minute }: { hour: number; minute: number }, clock: "24h" | "12h") {
  const minutes = String(minute).padStart(2, "0");
  return clock === "24h"
    ? `${String(hour).padStart(2, "0")}:${minutes}`
    : `${hour % 12 || 12}:${minutes} ${hour < 12 ? "am" : "pm"}`;
}

function lengthOf({ from, to }: ChartBucket): number {
  return Date.parse(to) - Date.parse(from);
}

/** How long the chart is, from its first bucket to its last. */
export function spanOf(buckets: readonly ChartBucket[]): number {
  const [first] = buckets;
  const last = buckets.at(-1);
  return first === undefined || last === undefined
    ? 0
    : Date.parse(last.to) - Date.parse(first.from);
}

/** The first bucket that is still filling; -1 when all are complete. */
export function partialIndex(
  buckets: readonly ChartBucket[],
  completeTo: string | null | undefined,
): number {
  if (completeTo === null || completeTo === undefined) {
    return -1;
  }
  return buckets.findIndex(({ to }) => Date.parse(to) > Date.parse(completeTo));
}
