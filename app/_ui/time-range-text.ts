import type { Interval } from "#lib/contract/time-range.ts";
import { startOfUnit, wallTimeOf } from "#lib/contract/time-zone.ts";
import { formatDay, type TimeStyle } from "./format-time.ts";

/** Two instants in words: whole days as days, anything else to the minute. */
export function formatInterval({ fromMs, toMs }: Interval, style: TimeStyle): string {
  const { zone } = style;
  const isDays = [fromMs, toMs].every((at) => startOfUnit(at, "day", zone) === at);
  if (isDays) {
    const first = formatDay(new Date(fromMs), style);
    const last = formatDay(new Date(toMs - 1), style);
    return first === last ? first : `${first} to ${last}`;
  }
  return `${readable(fromMs, zone)} to ${readable(toMs, zone)}`;
}

/** A wall clock's reading as one types it: `2026-11-20 14:00`. */
export function readable(atMs: number, zone: string): string {
  return localInputOf(atMs, zone).replace("T", " ");
}

/** The same as `<input type="datetime-local">` wants it. */
export function localInputOf(atMs: number, zone: string): string {
  const { year, month, day, hour, minute, second } = wallTimeOf(atMs, zone);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  const seconds = second === 0 ? "" : `:${two(second)}`;
  return `${date}T${two(hour)}:${two(minute)}${seconds}`;
}
