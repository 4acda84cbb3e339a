import { describe, expect, test } from "vitest";
import { readRangeText } from "./range-text.ts";
import { autoBucket, bucketsOf } from "./time-buckets.ts";
import {
  previousInterval,
  RANGE_PRESETS,
  rangeLabel,
  readRangeToken,
  resolveRange,
  shiftInterval,
  zoomOut,
} from "./time-range.ts";
import { addUnits, instantOfWall, isTimeZone, startOfUnit, wallTimeOf } from "./time-zone.ts";

const HOUR = 3_600_000;
const ZONES = ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin"];
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();
const NOW = at("2026-11-22T14:05:30Z");

describe("zones", () => {
  test.each([
    ["UTC", "2026-11-20T14:00:00.000Z"],
    ["America/Los_Angeles", "2026-11-20T22:00:00.000Z"],
    ["Asia/Kolkata", "2026-11-20T08:30:00.000Z"],
    ["Asia/Kathmandu", "2026-11-20T08:15:00.000Z"],
    ["Europe/Berlin", "2026-11-20T13:00:00.000Z"],
  ])("two in the afternoon in %s is %s", (zone, expected) => {
    const instant = instantOfWall({ year: 2026, month: 11, day: 20, hour: 14 }, zone);
    expect(iso(instant)).toBe(expected);
    expect(wallTimeOf(instant, zone)).toMatchObject({ day: 20, hour: 14, minute: 0 });
  });

  test("a time that is left out in spring is moved on by the gap", () => {
    const instant = instantOfWall(
      { year: 2026, month: 3, day: 29, hour: 2, minute: 30 },
      "Europe/Berlin",
    );
    expect(wallTimeOf(instant, "Europe/Berlin")).toMatchObject({ hour: 3, minute: 30 });
  });

  test("a time that occurs twice in autumn is its first occurrence", () => {
    const instant = instantOfWall(
      { year: 2026, month: 10, day: 25, hour: 2, minute: 30 },
      "Europe/Berlin",
    );
    expect(iso(instant)).toBe("2026-10-25T00:30:00.000Z");
  });

  test.each([
    ["Europe/Berlin", "2026-03-29T12:00:00Z", 23],
    ["Europe/Berlin", "2026-10-25T12:00:00Z", 25],
    ["America/Los_Angeles", "2026-03-08T20:00:00Z", 23],
    ["America/Los_Angeles", "2026-11-01T20:00:00Z", 25],
    ["Asia/Kolkata", "2026-03-29T12:00:00Z", 24],
    ["Asia/Kathmandu", "2026-10-25T12:00:00Z", 24],
    // Clocks go forward at midnight: this day begins at one o'clock.
    ["Africa/Cairo", "2026-04-24T12:00:00Z", 23],
  ])("in %s the day of %s has %i hours", (zone, noon, hours) => {
    const start = startOfUnit(at(noon), "day", zone);
    const end = addUnits(at(noon), { unit: "day", zone, count: 1 });
    expect((end - start) / HOUR).toBe(hours);
  });

  test.each(ZONES)("every day of a year in %s begins where the one before ended", (zone) => {
    let day = startOfUnit(at("2026-01-01T12:00:00Z"), "day", zone);
    for (let count = 0; count < 365; count += 1) {
      const next = addUnits(day, { unit: "day", zone, count: 1 });
      expect(startOfUnit(next - 1, "day", zone)).toBe(day);
      expect(startOfUnit(next, "day", zone)).toBe(next);
      day = next;
    }
  });

  test("weeks begin on Monday and months on the first, in the zone", () => {
    expect(iso(startOfUnit(NOW, "week", "Europe/Berlin"))).toBe("2026-11-15T23:00:00.000Z");
    expect(iso(startOfUnit(NOW, "month", "Asia/Kathmandu"))).toBe("2026-10-31T18:15:00.000Z");
    expect(iso(addUnits(NOW, { unit: "month", zone: "UTC", count: -11 }))).toBe(
      "2025-12-01T00:00:00.000Z",
    );
  });

  test("a zone is a place and no offset", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("UTC")).toBe(true);
    expect(isTimeZone("+02:00")).toBe(false);
    expect(isTimeZone("Mars/Base")).toBe(false);
    expect(isTimeZone("")).toBe(false);
  });
});

describe("ranges", () => {
  const resolve = (token: string, zone = "Europe/Berlin") => {
    const read = readRangeToken(token);
    if (read === undefined) {
      throw new Error(`${token} is no range`);
    }
    const { fromMs, toMs } = resolveRange({ kind: "relative", token: read }, { nowMs: NOW, zone });
    return [iso(fromMs), iso(toMs)];
  };

  test("short ranges are exact, longer ones begin on a quarter of an hour", () => {
    expect(resolve("15m")).toEqual(["2026-11-22T13:50:30.000Z", iso(NOW)]);
    expect(resolve("6h")).toEqual(["2026-11-22T08:05:30.000Z", iso(NOW)]);
    expect(resolve("24h")).toEqual(["2026-11-21T14:00:00.000Z", iso(NOW)]);
    expect(resolve("90d")[0]).toBe("2026-08-24T14:00:00.000Z");
  });

  test("calendar ranges have the days of the zone", () => {
    expect(resolve("today")).toEqual(["2026-11-21T23:00:00.000Z", iso(NOW)]);
    expect(resolve("yesterday", "Asia/Kolkata")).toEqual([
      "2026-11-20T18:30:00.000Z",
      "2026-11-21T18:30:00.000Z",
    ]);
    expect(resolve("mtd")).toEqual(["2026-10-31T23:00:00.000Z", iso(NOW)]);
    // October in Berlin begins in summer time and ends in winter time.
    expect(resolve("last-month")).toEqual(["2026-09-30T22:00:00.000Z", "2026-10-31T23:00:00.000Z"]);
  });

  test("every preset can be read and has a label of its own", () => {
    for (const { id, label } of RANGE_PRESETS) {
      expect(rangeLabel(readRangeToken(id) ?? "1m")).toBe(label);
    }
    expect(rangeLabel("2h")).toBe("Last 2 hours");
    expect(rangeLabel("1w")).toBe("Last week");
  });

  test.each(["", "0h", "-1h", "24", "2y", "1.5h", "99999w", "all", "TODAY"])(
    "%j is no range",
    (text) => {
      expect(readRangeToken(text)).toBeUndefined();
    },
  );

  test("a range moves by its own length and never beyond now", () => {
    const range = { fromMs: NOW - 3 * HOUR, toMs: NOW - HOUR };
    expect(shiftInterval(range, { direction: -1, nowMs: NOW })).toEqual({
      fromMs: NOW - 5 * HOUR,
      toMs: NOW - 3 * HOUR,
    });
    expect(shiftInterval(range, { direction: 1, nowMs: NOW })).toEqual({
      fromMs: NOW - 2 * HOUR,
      toMs: NOW,
    });
    expect(previousInterval(range)).toEqual({ fromMs: NOW - 5 * HOUR, toMs: NOW - 3 * HOUR });
  });

  test("zooming out doubles a range, about its middle or up to now", () => {
    expect(zoomOut({ fromMs: NOW - 6 * HOUR, toMs: NOW - 4 * HOUR }, NOW)).toEqual({
      fromMs: NOW - 7 * HOUR,
      toMs: NOW - 3 * HOUR,
    });
    expect(zoomOut({ fromMs: NOW - 2 * HOUR, toMs: NOW }, NOW)).toEqual({
      fromMs: NOW - 4 * HOUR,
      toMs: NOW,
    });
  });
});

describe("buckets", () => {
  test.each([
    [15 / 60, "1m"],
    [1, "1m"],
    [6, "5m"],
    [24, "15m"],
    [72, "1h"],
    [7 * 24, "3h"],
    [30 * 24, "1d"],
    [90 * 24, "1d"],
    [365 * 24, "1w"],
  ])("a range of %d hours has buckets of %s", (hours, bucket) => {
    expect(autoBucket({ fromMs: NOW - hours * HOUR, toMs: NOW })).toBe(bucket);
  });

  test("every preset has between one and a hundred and ten buckets that cover it without a gap", () => {
    for (const zone of ZONES) {
      for (const { id } of RANGE_PRESETS) {
        const range = resolveRange({ kind: "relative", token: id }, { nowMs: NOW, zone });
        const buckets = bucketsOf(range, autoBucket(range), zone);
        expect(buckets.length).toBeGreaterThan(0);
        expect(buckets.length).toBeLessThanOrEqual(110);
        expect(buckets[0]?.fromMs).toBeLessThanOrEqual(range.fromMs);
        expect(buckets.at(-1)?.toMs).toBeGreaterThanOrEqual(range.toMs);
        buckets.slice(1).forEach(({ fromMs }, index) => {
          expect(fromMs).toBe(buckets[index]?.toMs);
        });
      }
    }
  });

  test("days follow the zone, also when clocks change", () => {
    const zone = "Europe/Berlin";
    const range = { fromMs: at("2026-10-23T22:00:00Z"), toMs: at("2026-10-26T23:00:00Z") };
    expect(bucketsOf(range, "1d", zone).map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR)).toEqual([
      24, 25, 24,
    ]);
  });

  test.each(["Asia/Kolkata", "Asia/Kathmandu"])(
    "hours in %s begin on the full hour there",
    (zone) => {
      const [first] = bucketsOf({ fromMs: NOW - 30 * HOUR, toMs: NOW }, "1h", zone);
      expect(wallTimeOf(first?.fromMs ?? 0, zone).minute).toBe(0);
    },
  );
});

describe("typed ranges", () => {
  const read = (text: string, zone = "Europe/Berlin") => {
    const reading = readRangeText(text, { zone, nowMs: NOW });
    if (!reading.ok) {
      return reading.problem;
    }
    const { range } = reading;
    return range.kind === "relative" ? range.token : `${iso(range.fromMs)} ${iso(range.toMs)}`;
  };

  test.each([
    ["2h", "2h"],
    [" 90 min ", "90m"],
    ["Last 3 days", "3d"],
    ["last hour", "1h"],
    ["past week", "1w"],
    ["yesterday", "yesterday"],
    ["Month to date", "mtd"],
    ["this month", "mtd"],
    ["last month", "last-month"],
    ["last 24 hours", "24h"],
  ])("%j is relative", (text, token) => {
    expect(read(text)).toBe(token);
  });

  test.each([
    ["2026-11-20 14:00 to 15:30", "2026-11-20T13:00:00.000Z 2026-11-20T14:30:00.000Z"],
    ["2026-11-20 14:00 - 2026-11-21 02:00", "2026-11-20T13:00:00.000Z 2026-11-21T01:00:00.000Z"],
    ["2026-11-20T14:00Z to 2026-11-20T15:00Z", "2026-11-20T14:00:00.000Z 2026-11-20T15:00:00.000Z"],
    ["2026-11-20", "2026-11-19T23:00:00.000Z 2026-11-20T23:00:00.000Z"],
    ["2026-10-25", "2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z"],
    ["2026-11-01 to 2026-11-03", "2026-10-31T23:00:00.000Z 2026-11-03T23:00:00.000Z"],
    ["14:00 to 15:00", "2026-11-22T13:00:00.000Z 2026-11-22T14:00:00.000Z"],
    ["2pm to 3:30 pm", "2026-11-22T13:00:00.000Z 2026-11-22T14:30:00.000Z"],
    ["since 9:00", "2026-11-22T08:00:00.000Z 2026-11-22T14:05:30.000Z"],
    ["20 Nov to now", "2026-11-19T23:00:00.000Z 2026-11-22T14:05:30.000Z"],
    ["Nov 20, 2025", "2025-11-19T23:00:00.000Z 2025-11-20T23:00:00.000Z"],
    ["yesterday 22:00 to 24:00", "2026-11-21T21:00:00.000Z 2026-11-21T23:00:00.000Z"],
  ])("%j is %s in Berlin", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test("a typed time is of the zone that is shown", () => {
    expect(read("2026-11-20 14:00 to 15:30", "Asia/Kathmandu")).toBe(
      "2026-11-20T08:15:00.000Z 2026-11-20T09:45:00.000Z",
    );
  });

  test.each([
    ["", "Type a range."],
    ["soon", '"soon"'],
    ["2026-02-30", '"2026-02-30"'],
    ["2026-11-20 25:00 to 26:00", '"2026-11-20 25:00"'],
    ["2026-11-20 14:00 to late", '"late"'],
    ["15:00 to 14:00", "after the beginning"],
    ["14:00 to 15:00 to 16:00", "one end"],
    ["h", '"h"'],
  ])("%j is refused and the problem says %s", (text, problem) => {
    expect(read(text)).toContain(problem);
  });
});
