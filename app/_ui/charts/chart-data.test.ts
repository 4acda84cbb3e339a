import { expect, test } from "vitest";
import { bucketLabel, formatValue, partialIndex, spanOf, tickLabel } from "./chart-data.ts";

const style = { zone: "Europe/Berlin", clock: "24h" } as const;
const HOURS = [
  { from: "2026-11-21T13:00:00Z", to: "2026-11-21T14:00:00Z" },
  { from: "2026-11-21T14:00:00Z", to: "2026-11-21T15:00:00Z" },
];
const DAY = { from: "2026-10-24T22:00:00Z", to: "2026-10-25T23:00:00Z" };
const WEEK = { from: "2026-11-15T23:00:00Z", to: "2026-11-22T23:00:00Z" };

test("a bucket is named in the viewer's zone and clock", () => {
  expect(HOURS.map((bucket) => bucketLabel(bucket, style))).toEqual([
    "21 Nov 2026, 14:00 to 15:00",
    "21 Nov 2026, 15:00 to 16:00",
  ]);
  expect(bucketLabel(HOURS[0] ?? DAY, { ...style, clock: "12h" })).toContain("2:00 pm to 3:00 pm");
  expect(bucketLabel(DAY, style)).toBe("25 Oct 2026");
  expect(bucketLabel(WEEK, style)).toBe("16 Nov 2026 to 22 Nov 2026");
});

test("an axis names the day where a chart spans several", () => {
  const [first = DAY] = HOURS;
  expect(tickLabel(first, spanOf(HOURS), style)).toBe("14:00");
  expect(tickLabel(first, 7 * 86_400_000, style)).toBe("21 Nov 14:00");
  expect(tickLabel(DAY, 7 * 86_400_000, style)).toBe("25 Oct");
});

test("what is missing is a dash and zero is zero", () => {
  expect(formatValue(null, "usd")).toBe("—");
  expect(formatValue(0, "count")).toBe("0");
  expect(formatValue("0", "usd")).toBe("$0.00");
  expect(formatValue(1_240_000, "count", true)).toBe("1.24M");
  expect(formatValue(0.0000004, "usd")).toBe(formatValue("0.0000004", "usd"));
});

test("the bucket that is still filling is known", () => {
  expect(partialIndex(HOURS, "2026-11-21T14:20:00Z")).toBe(1);
  expect(partialIndex(HOURS, "2026-11-21T15:00:00Z")).toBe(-1);
  expect(partialIndex(HOURS, null)).toBe(-1);
});
