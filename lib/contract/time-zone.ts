const DAY_MS = 86_400_000;

/** Whether this machine knows a zone of this IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets such as "+02:00" are accepted by Intl, but they are no zones: they have no summer.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** A wall clock's reading; `month` is 1 to 12. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) {
    return known;
  }
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  clocks.set(zone, clock);
  return clock;
}

/** What a clock on the wall shows in a zone at an instant. */
export function wallTimeOf(atMs: number, zone: string): WallTime {
  const parts: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(atMs)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetMs(atMs: number, zone: string): number {
  const wall = wallTimeOf(atMs, zone);
  const whole = Math.floor(atMs / 1000) * 1000;
  return utcOf(wall) - whole;
}

function utcOf({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The instant at which a zone's clocks show a reading. A reading that occurs twice, as clocks go
 * back, is its first occurrence; one that is left out, as clocks go forward, is moved on by the gap.
 * Fields may overflow, as in the 32nd of a month.
 */
export function instantOfWall(wall: Partial<WallTime> & { year: number }, zone: string): number {
  const guess = utcOf({ month: 1, day: 1, hour: 0, minute: 0, second: 0, ...wall });
  // The offsets a day before and after hold on both sides of any change between them.
  const before = guess - offsetMs(guess - DAY_MS, zone);
  const after = guess - offsetMs(guess + DAY_MS, zone);
  const fits = [before, after].filter((at) => at + offsetMs(at, zone) === guess);
  return fits.length > 0 ? Math.min(...fits) : before;
}

export type CalendarUnit = "day" | "week" | "month";

/** When the day, week (from Monday) or month that holds an instant began in a zone. */
export function startOfUnit(atMs: number, unit: CalendarUnit, zone: string): number {
  return addUnits(atMs, { unit, zone, count: 0 });
}

/** The beginning of the unit that lies `count` units after the one that holds an instant. */
export function addUnits(
  atMs: number,
  { unit, zone, count }: { unit: CalendarUnit; zone: string; count: number },
): number {
  const { year, month, day } = wallTimeOf(atMs, zone);
  if (unit === "month") {
    return firstMoment({ year, month: month + count, day: 1 }, zone);
  }
  if (unit === "week") {
    const sinceMonday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
    return firstMoment({ year, month, day: day - sinceMonday + 7 * count }, zone);
  }
  return firstMoment({ year, month, day: day + count }, zone);
}

/** A day's first moment; where clocks skip midnight, it is the moment after the gap. */
function firstMoment(date: { year: number; month: number; day: number }, zone: string): number {
  return instantOfWall(date, zone);
}
