import { expect, test } from "vitest";
import { windowEndMs, windowStartMs } from "./budget-window.ts";

const at = (text: string) => Date.parse(text);

test.each([
  ["day", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"],
  ["day", "2026-11-22T23:59:59.999Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"],
  ["week", "2026-11-22T12:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"],
  ["week", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"],
  ["month", "2026-12-31T23:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ["month", "2028-02-29T10:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
] as const)("the %s of %s runs from %s to %s", (period, now, start, end) => {
  expect(windowStartMs(period, at(now))).toBe(at(start));
  expect(windowEndMs(period, at(now))).toBe(at(end));
});

test("a total budget never starts anew", () => {
  expect(windowStartMs("total", Date.now())).toBe(0);
  expect(windowEndMs("total", Date.now())).toBeNull();
});
