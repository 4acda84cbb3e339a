import { describe, expect, it } from "vitest";
import { formatDay, formatRelative, formatTime, formatTimeExact } from "./format-time.ts";

const now = new Date("2026-11-22T15:00:00Z");
const utc = { zone: "UTC", clock: "24h" } as const;
const kathmandu = { zone: "Asia/Kathmandu", clock: "24h" } as const;
const losAngeles = { zone: "America/Los_Angeles", clock: "12h" } as const;

describe("a time", () => {
  it("is a clock today, a day and a clock this year, and a day before that", () => {
    expect(formatTime("2026-11-22T14:03:22Z", utc, now)).toBe("14:03:22");
    expect(formatTime("2026-11-21T14:03:22Z", utc, now)).toBe("21 Nov, 14:03");
    expect(formatTime("2025-11-21T14:03:22Z", utc, now)).toBe("21 Nov 2025");
  });

  it("is today or not by the zone that it is shown in", () => {
    expect(formatTime("2026-11-21T18:20:00Z", kathmandu, now)).toBe("00:05:00");
    expect(formatTime("2026-11-22T07:30:00Z", losAngeles, now)).toBe("21 Nov, 11:30 pm");
    expect(formatTime("2026-11-22T08:30:00Z", losAngeles, now)).toBe("12:30:00 am");
    expect(formatTime("2026-01-01T05:00:00Z", losAngeles, now)).toBe("31 Dec 2025");
  });

  it("names its zone and offset in full, on both sides of a clock change", () => {
    const berlin = { zone: "Europe/Berlin", clock: "24h" } as const;
    expect(formatTimeExact("2026-10-25T00:30:00Z", berlin)).toBe(
      "25 Oct 2026, 02:30:00 Europe/Berlin (+02:00)",
    );
    expect(formatTimeExact("2026-10-25T01:30:00Z", berlin)).toBe(
      "25 Oct 2026, 02:30:00 Europe/Berlin (+01:00)",
    );
    expect(formatTimeExact("2026-11-22T14:03:22Z", utc)).toBe("22 Nov 2026, 14:03:22 UTC");
  });

  it("writes noon and midnight on a twelve-hour clock", () => {
    expect(formatTime("2026-11-22T12:00:00Z", { zone: "UTC", clock: "12h" }, now)).toBe(
      "12:00:00 pm",
    );
    expect(formatTime("2026-11-22T00:00:00Z", { zone: "UTC", clock: "12h" }, now)).toBe(
      "12:00:00 am",
    );
  });

  it("is unknown when missing or unreadable", () => {
    expect(formatTime(null, utc)).toBe("—");
    expect(formatTime("yesterday", utc)).toBe("—");
    expect(formatTimeExact(null, utc)).toBe("—");
    expect(formatDay(null, utc)).toBe("—");
    expect(formatRelative(null)).toBe("—");
  });

  it("has a day of its own zone", () => {
    expect(formatDay("2026-11-21T18:20:00Z", kathmandu)).toBe("22 Nov 2026");
    expect(formatDay("2026-09-01T00:00:00Z", utc)).toBe("1 Sep 2026");
  });
});

describe("a relative time", () => {
  it.each([
    [-1, "just now"],
    [2, "in a moment"],
    [-42, "42 s ago"],
    [-59.9, "59 s ago"],
    [-60, "1 min ago"],
    [-200, "3 min ago"],
    [-3_600, "1 h ago"],
    [-86_399, "23 h ago"],
    [8 * 86_400, "in 8 d"],
    [-59 * 86_400, "59 d ago"],
    [-61 * 86_400, "2 mo ago"],
    [-731 * 86_400, "2 y ago"],
  ])("of %d seconds reads %s", (seconds, text) => {
    expect(formatRelative(new Date(now.getTime() + seconds * 1000), now)).toBe(text);
  });
});
