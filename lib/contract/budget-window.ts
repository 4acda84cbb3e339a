import type { BudgetPeriod } from "./caller.ts";

const DAY_MS = 86_400_000;
/** The first day of 1970 was a Thursday; weeks begin on Monday, so the fourth day began the first. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;

/**
 * When the window that holds `nowMs` began, in milliseconds since the epoch. Windows are cut in UTC,
 * so that daylight saving moves none of them: days at midnight, weeks on Monday (ISO 8601), months
 * on the first. A total budget has one window, which began at 0.
 */
export function windowStartMs(period: BudgetPeriod, nowMs: number): number {
  switch (period) {
    case "total":
      return 0;
    case "day":
      return nowMs - (nowMs % DAY_MS);
    case "week":
      return nowMs - ((nowMs - FIRST_MONDAY_MS) % WEEK_MS);
    case "month":
      return monthOf(nowMs).startMs;
    default:
      return period satisfies never;
  }
}

/** When the window that holds `nowMs` ends and the next begins; `null` for a total budget. */
export function windowEndMs(period: BudgetPeriod, nowMs: number): number | null {
  switch (period) {
    case "total":
      return null;
    case "day":
      return windowStartMs(period, nowMs) + DAY_MS;
    case "week":
      return windowStartMs(period, nowMs) + WEEK_MS;
    case "month":
      return monthOf(nowMs).endMs;
    default:
      return period satisfies never;
  }
}

interface Month {
  startMs: number;
  endMs: number;
}

/** The month asked for last: every request under a monthly budget asks, and months change seldom. */
let lastMonth: Month = { startMs: 0, endMs: 0 };

function monthOf(nowMs: number): Month {
  if (nowMs < lastMonth.startMs || nowMs >= lastMonth.endMs) {
    const now = new Date(nowMs);
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    lastMonth = { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
  }
  return lastMonth;
}
