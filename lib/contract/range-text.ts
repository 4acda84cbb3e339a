import {
  type Interval,
  RANGE_PRESETS,
  type RangeToken,
  readRangeToken,
  type TimeRange,
} from "./time-range.ts";
import { addUnits, instantOfWall, wallTimeOf } from "./time-zone.ts";

export type RangeReading = { ok: true; range: TimeRange } | { ok: false; problem: string };

interface Context {
  zone: string;
  nowMs: number;
}

const EXAMPLES = "Try 2h, yesterday, or 2026-11-20 14:00 to 15:30.";

/**
 * Reads a range as people type it: `2h`, `last 3 days`, `yesterday`, `2026-11-20`,
 * `2026-11-20 14:00 to 15:30`, `since 9:00`. Days and times without a zone are of the given one.
 */
export function readRangeText(text: string, context: Context): RangeReading {
  const typed = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (typed === "") {
    return { ok: false, problem: `Type a range. ${EXAMPLES}` };
  }
  const token = readRelative(typed);
  return token === undefined
    ? readAbsolute(typed, context)
    : { ok: true, range: { kind: "relative", token } };
}

const UNIT_WORDS: readonly [RegExp, string][] = [
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:d|days?)$/, "d"],
  [/^(?:w|weeks?)$/, "w"],
];

function readRelative(typed: string): RangeToken | undefined {
  const preset = RANGE_PRESETS.find(
    ({ id, label }) => typed === id || typed === label.toLowerCase(),
  );
  if (preset !== undefined) {
    return preset.id;
  }
  if (typed === "this month") {
    return "mtd";
  }
  const [, count = "1", word = ""] = /^(?:last |past )?(\d+)? ?([a-z]+)$/.exec(typed) ?? [];
  const unit = UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1];
  // "h" alone would be a riddle; "last hour" is not.
  const isCounted = /\d/.test(typed) || /^(?:last|past) /.test(typed);
  return unit !== undefined && isCounted ? readRangeToken(`${Number(count)}${unit}`) : undefined;
}

const SEPARATOR = / ?(?: to | until | – |–|→|\.\.\.?) ?| - /;

function readAbsolute(typed: string, context: Context): RangeReading {
  const since = /^(?:since|from) (.+)$/.exec(typed)?.[1] ?? typed;
  const [first = "", second, ...more] = since.split(SEPARATOR);
  if (more.length > 0) {
    return { ok: false, problem: `A range has one beginning and one end. ${EXAMPLES}` };
  }
  const start = readMoment(first, { ...context, day: undefined });
  if (start === undefined) {
    return unread(first);
  }
  if (second === undefined) {
    const end = since === typed ? start.toMs : context.nowMs;
    return between({ fromMs: start.fromMs, toMs: end });
  }
  const end = second === "now" ? now(context) : readMoment(second, { ...context, day: start.day });
  return end === undefined ? unread(second) : between({ fromMs: start.fromMs, toMs: end.toMs });
}

function unread(part: string): RangeReading {
  return { ok: false, problem: `"${part.trim()}" is no time that can be read. ${EXAMPLES}` };
}

function between({ fromMs, toMs }: Interval): RangeReading {
  return fromMs < toMs
    ? { ok: true, range: { kind: "absolute", fromMs, toMs } }
    : { ok: false, problem: "The end has to be after the beginning." };
}

/** A moment as typed: a whole day lasts until the next one, a time is a point. */
interface Moment extends Interval {
  day: Day;
}

interface Day {
  year: number;
  month: number;
  day: number;
}

function now({ nowMs, zone }: Context): Moment {
  return { fromMs: nowMs, toMs: nowMs, day: wallTimeOf(nowMs, zone) };
}

/** Reads a day, a time of day (of `day`, or else of today), both, or an instant with its own zone. */
function readMoment(part: string, context: Context & { day: Day | undefined }): Moment | undefined {
  const text = part.trim();
  const instant = readInstant(text, context);
  if (instant !== undefined) {
    return instant;
  }
  const [, dayText = "", clockText] =
    /^(.*?)[ t]?(?:at )?(\d{1,2}(?::\d{2}){1,2}(?: ?[ap]m)?|\d{1,2} ?[ap]m)?$/.exec(text) ?? [];
  const clock = clockText === undefined ? undefined : readClock(clockText);
  const day =
    dayText === "" && clock !== undefined
      ? (context.day ?? wallTimeOf(context.nowMs, context.zone))
      : readDay(dayText.trim(), context);
  if (day === undefined || (clockText !== undefined && clock === undefined)) {
    return undefined;
  }
  return momentOf(day, clock, context.zone);
}

function momentOf(day: Day, clock: Clock | undefined, zone: string): Moment {
  const { year, month, day: date } = day;
  const fromMs = instantOfWall({ year, month, day: date, ...clock }, zone);
  const toMs = clock === undefined ? addUnits(fromMs, { unit: "day", zone, count: 1 }) : fromMs;
  return { fromMs, toMs, day: { year, month, day: date } };
}

function readInstant(text: string, { zone }: Context): Moment | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:\d{2})$/.test(text)) {
    return undefined;
  }
  const at = Date.parse(text.toUpperCase().replace(" ", "T"));
  return Number.isNaN(at) ? undefined : { fromMs: at, toMs: at, day: wallTimeOf(at, zone) };
}

interface Clock {
  hour: number;
  minute: number;
  second: number;
}

function readClock(text: string): Clock | undefined {
  const [, hours = "", minute = "0", second = "0", half] =
    /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?([ap]m)?$/.exec(text) ?? [];
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === "pm" ? 12 : 0);
  const isReal =
    hours !== "" &&
    (half === undefined ? hour <= 24 : Number(hours) >= 1 && Number(hours) <= 12) &&
    (hour < 24 || Number(minute) + Number(second) === 0) &&
    Number(minute) < 60 &&
    Number(second) < 60;
  return isReal ? { hour, minute: Number(minute), second: Number(second) } : undefined;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

function readDay(text: string, { nowMs, zone }: Context): Day | undefined {
  if (text === "today" || text === "yesterday") {
    const count = text === "today" ? 0 : -1;
    return wallTimeOf(addUnits(nowMs, { unit: "day", zone, count }), zone);
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso !== null) {
    return realDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const spoken =
    /^(?<day>\d{1,2})\.? (?<month>[a-z]{3,9})(?:,? (?<year>\d{4}))?$/.exec(text) ??
    /^(?<month>[a-z]{3,9}) (?<day>\d{1,2})(?:,? (?<year>\d{4}))?$/.exec(text);
  const { day, month = "", year } = spoken?.groups ?? {};
  const at = MONTHS.indexOf(month.slice(0, 3));
  return at < 0
    ? undefined
    : realDay(Number(year ?? wallTimeOf(nowMs, zone).year), at + 1, Number(day));
}

/** The 30th of February is no day, whatever `Date` makes of it. */
function realDay(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? { year, month, day } : undefined;
}
