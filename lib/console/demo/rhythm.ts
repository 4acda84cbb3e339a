import type { DemoHours } from "./app.ts";

/** A moment as people at the company see it. */
export interface LocalTime {
  /** 0 to 24, with minutes as fractions. */
  hour: number;
  isWeekend: boolean;
}

/** Local time of moments in one zone. */
export function localClock(zone: string): (atMs: number) => LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (atMs) => {
    const parts = Object.fromEntries(
      format.formatToParts(atMs).map(({ type, value }) => [type, value]),
    );
    return {
      hour: Number(parts["hour"]) + Number(parts["minute"]) / 60,
      isWeekend: parts["weekday"] === "Sat" || parts["weekday"] === "Sun",
    };
  };
}

/** A bell around an hour of the day, 1 at its top. */
function bell(hour: number, top: number, width: number): number {
  const away = Math.min(Math.abs(hour - top), 24 - Math.abs(hour - top));
  return Math.exp(-((away / width) ** 2));
}

const SHAPES: Readonly<Record<DemoHours, (time: LocalTime) => number>> = {
  office: ({ hour, isWeekend }) =>
    (0.04 + bell(hour, 10.5, 2.2) + 0.85 * bell(hour, 14.8, 2.4)) * (isWeekend ? 0.1 : 1),
  evening: ({ hour, isWeekend }) =>
    (0.08 + 0.35 * bell(hour, 12.5, 2) + bell(hour, 20, 2.6)) * (isWeekend ? 1.25 : 1),
  always: ({ hour, isWeekend }) => (0.45 + 0.4 * bell(hour, 14, 6)) * (isWeekend ? 0.8 : 1),
  night: ({ hour }) => 0.01 + 2.2 * bell(hour, 2.5, 1.4),
  commits: ({ hour, isWeekend }) =>
    (0.03 + bell(hour, 11.5, 1.6) + 1.1 * bell(hour, 16.5, 1.8)) * (isWeekend ? 0.05 : 1),
};

/** How busy apps with these hours are, about 1 at their best. */
export function busyness(hours: DemoHours, time: LocalTime): number {
  return SHAPES[hours](time);
}
