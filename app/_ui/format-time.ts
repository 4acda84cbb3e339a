import type { Clock } from "#lib/contract/preferences.ts";
import { UNKNOWN } from "./format.ts";

/**
 * Times as the console shows them. Written from numeric parts and not by a locale, because the
 * server's and the browser's spelling of a month or a zone may differ, and the page would flicker.
 */
export interface TimeStyle {
  /** An IANA zone. */
  zone: string;
  clock: Clock;
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  offset: string;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) {
    return known;
  }
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    timeZoneName: "longOffset",
  });
  formatters.set(zone, made);
  return made;
}

function partsOf(at: Date, zone: string): Parts {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const numberOf = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type) ?? "0");
  return {
    year: numberOf("year"),
    month: numberOf("month"),
    day: numberOf("day"),
    hour: numberOf("hour"),
    minute: numberOf("minute"),
    second: numberOf("second"),
    offset: (parts.get("timeZoneName") ?? "GMT").replace(/^GMT(?:\+00:00)?/, ""),
  };
}

/** `null` and what is no time are unknown. */
function readInstant(at: string | Date | null): Date | undefined {
  const date = at === null ? undefined : new Date(at);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

const two = (value: number) => String(value).padStart(2, "0");

function clockOf(parts: Parts, clock: Clock, hasSeconds: boolean): string {
  const seconds = hasSeconds ? `:${two(parts.second)}` : "";
  if (clock === "24h") {
    return `${two(parts.hour)}:${two(parts.minute)}${seconds}`;
  }
  return `${parts.hour % 12 || 12}:${two(parts.minute)}${seconds} ${parts.hour < 12 ? "am" : "pm"}`;
}

function dayOf(parts: Parts): string {
  return `${parts.day} ${MONTHS[parts.month - 1]}`;
}

/** Today `14:03:22`, this year `21 Nov, 14:03`, else `21 Nov 2025`. */
export function formatTime(
  at: string | Date | null,
  { zone, clock }: TimeStyle,
  now: Date = new Date(),
): string {
  const date = readInstant(at);
  if (date === undefined) {
    return UNKNOWN;
  }
  const parts = partsOf(date, zone);
  const today = partsOf(now, zone);
  if (parts.year !== today.year) {
    return `${dayOf(parts)} ${parts.year}`;
  }
  return parts.month === today.month && parts.day === today.day
    ? clockOf(parts, clock, true)
    : `${dayOf(parts)}, ${clockOf(parts, clock, false)}`;
}

/** All of it, with its zone: `21 Nov 2026, 14:03:22 Europe/Berlin (+01:00)`. */
export function formatTimeExact(at: string | Date | null, { zone, clock }: TimeStyle): string {
  const date = readInstant(at);
  if (date === undefined) {
    return UNKNOWN;
  }
  const parts = partsOf(date, zone);
  const offset = parts.offset === "" ? "" : ` (${parts.offset})`;
  return `${dayOf(parts)} ${parts.year}, ${clockOf(parts, clock, true)} ${zone}${offset}`;
}

/** The day alone: `21 Nov 2026`. */
export function formatDay(at: string | Date | null, { zone }: Pick<TimeStyle, "zone">): string {
  const date = readInstant(at);
  if (date === undefined) {
    return UNKNOWN;
  }
  const parts = partsOf(date, zone);
  return `${dayOf(parts)} ${parts.year}`;
}

const STEPS = [
  { belowS: 60, perS: 1, unit: "s" },
  { belowS: 3_600, perS: 60, unit: "min" },
  { belowS: 86_400, perS: 3_600, unit: "h" },
  { belowS: 60 * 86_400, perS: 86_400, unit: "d" },
  { belowS: 730 * 86_400, perS: 30 * 86_400, unit: "mo" },
  { belowS: Number.POSITIVE_INFINITY, perS: 365 * 86_400, unit: "y" },
] as const;

/** `just now`, `3 min ago`, `in 8 d`. Stands only beside an absolute time, or over one in a tooltip. */
export function formatRelative(at: string | Date | null, now: Date = new Date()): string {
  const date = readInstant(at);
  if (date === undefined) {
    return UNKNOWN;
  }
  const differenceS = (date.getTime() - now.getTime()) / 1000;
  const sizeS = Math.abs(differenceS);
  if (sizeS < 5) {
    return differenceS > 0 ? "in a moment" : "just now";
  }
  const step = STEPS.find(({ belowS }) => sizeS < belowS) ?? STEPS[5];
  const text = `${Math.floor(sizeS / step.perS)} ${step.unit}`;
  return differenceS > 0 ? `in ${text}` : `${text} ago`;
}
