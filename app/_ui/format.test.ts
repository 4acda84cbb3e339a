import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDelta,
  formatDuration,
  formatId,
  formatMoney,
  formatMoneyExact,
  formatPercent,
  formatPrice,
  formatTokenFlow,
  formatTokenRate,
  formatTokens,
} from "./format.ts";

describe("money", () => {
  it.each([
    ["0", "$0.00"],
    ["0.000000000", "$0.00"],
    ["0.0421", "$0.0421"],
    ["0.042134", "$0.04213"],
    ["0.12345", "$0.1235"],
    ["0.999996", "$1.00"],
    ["1", "$1.00"],
    ["412.08", "$412.08"],
    ["412.085", "$412.09"],
    ["999.994", "$999.99"],
    ["999.995", "$1,000"],
    ["4120.4", "$4,120"],
    ["999999.4", "$999,999"],
    ["999999.5", "$1.00M"],
    ["1240000", "$1.24M"],
    ["999994999", "$999.99M"],
    ["999995000", "$1.00B"],
    ["-412.08", "-$412.08"],
    ["-0.0421", "-$0.0421"],
  ])("an aggregate of %s reads %s", (usd, text) => {
    expect(formatMoney(usd)).toBe(text);
  });

  it.each([
    ["0", "$0.00"],
    ["0.0421", "$0.0421"],
    ["0.000042", "$0.000042"],
    ["0.00421308", "$0.004213"],
    ["0.000012344", "$0.00001234"],
    ["0.00000001", "$0.00000001"],
    ["0.000000009", "<$0.00000001"],
    ["0.000000001", "<$0.00000001"],
    ["-0.000000001", ">-$0.00000001"],
    ["0.5", "$0.50"],
    ["1.23456", "$1.235"],
    ["12.3456", "$12.35"],
    ["123.456", "$123.46"],
    ["1234.5", "$1,234.50"],
  ])("a request that cost %s reads %s", (usd, text) => {
    expect(formatMoney(usd, "request")).toBe(text);
  });

  it("does not turn an unknown or unreadable amount into zero", () => {
    for (const kind of ["aggregate", "request"] as const) {
      expect(formatMoney(null, kind)).toBe("—");
      expect(formatMoney("", kind)).toBe("—");
      expect(formatMoney("NaN", kind)).toBe("—");
    }
    expect(formatMoneyExact(null)).toBe("—");
    expect(formatPrice(null)).toBe("—");
  });

  it("keeps every digit of large amounts, which floats would not", () => {
    expect(formatMoneyExact("9007199254740993.123456789")).toBe("$9,007,199,254,740,993.123456789");
    expect(formatMoneyExact("0.00421308")).toBe("$0.00421308");
    expect(formatMoneyExact("-2.5")).toBe("-$2.50");
  });

  it("writes prices for a million tokens", () => {
    expect(formatPrice("2.5")).toBe("$2.50 / 1M");
    expect(formatPrice("0.075")).toBe("$0.075 / 1M");
    expect(formatPrice("0")).toBe("$0.00 / 1M");
  });
});

describe("counts and tokens", () => {
  it("are exact with separators in tables", () => {
    expect(formatCount(0)).toBe("0");
    expect(formatCount(999)).toBe("999");
    expect(formatCount(1000)).toBe("1,000");
    expect(formatCount(-1234567)).toBe("-1,234,567");
    expect(formatCount(1234.5678)).toBe("1,234.5678");
    expect(formatCount(12n ** 12n)).toBe("8,916,100,448,256");
    expect(formatTokens(1240123)).toBe("1,240,123");
    expect(formatTokens(null)).toBe("—");
    expect(formatCount(Number.NaN)).toBe("—");
  });

  it.each([
    [0, "0"],
    [9_999, "9,999"],
    [10_000, "10k"],
    [12_440, "12.4k"],
    [999_400, "999k"],
    [999_500, "1M"],
    [1_240_000, "1.24M"],
    [999_500_000, "1B"],
    [3_100_000_000, "3.1B"],
    [-12_440, "-12.4k"],
  ])("%d is %s in a tile", (count, text) => {
    expect(formatCompact(count)).toBe(text);
  });

  it("says in, out and cached", () => {
    expect(formatTokenFlow(1200, 340)).toBe("1,200 → 340");
    expect(formatTokenFlow(1200, 340, 1000)).toBe("1,200 → 340 (1,000 cached)");
    expect(formatTokenFlow(1200, 0, 0)).toBe("1,200 → 0");
    expect(formatTokenFlow(1200, null)).toBe("1,200 → —");
    expect(formatTokenFlow(null, null)).toBe("—");
  });

  it("gives speeds in tokens a second", () => {
    expect(formatTokenRate(84.2)).toBe("84 tok/s");
    expect(formatTokenRate(3.25)).toBe("3.3 tok/s");
    expect(formatTokenRate(0)).toBe("0 tok/s");
    expect(formatTokenRate(null)).toBe("—");
  });
});

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [0.4, "<1 ms"],
    [842, "842 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [1_840, "1.84 s"],
    [9_994, "9.99 s"],
    [9_996, "10.0 s"],
    [59_900, "59.9 s"],
    [59_960, "1 m 0 s"],
    [72_000, "1 m 12 s"],
    [3_599_400, "59 m 59 s"],
    [3_599_600, "1 h 0 m"],
    [7_500_000, "2 h 5 m"],
    [86_400_000, "1 d 0 h"],
    [273_600_000, "3 d 4 h"],
  ])("%d ms read %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("are unknown when missing or impossible", () => {
    expect(formatDuration(null)).toBe("—");
    expect(formatDuration(-1)).toBe("—");
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe("—");
  });
});

describe("percentages", () => {
  it.each([
    [0, "0 %"],
    [0.0004, "<0.1 %"],
    [0.001, "0.1 %"],
    [0.124, "12.4 %"],
    [0.5, "50.0 %"],
    [0.9999, "99.9 %"],
    [1, "100 %"],
    [1.0001, "100.0 %"],
    [1.234, "123.4 %"],
    [12.5, "1,250.0 %"],
  ])("a ratio of %d reads %s", (ratio, text) => {
    expect(formatPercent(ratio)).toBe(text);
  });

  it("are unknown over nothing", () => {
    expect(formatPercent(null)).toBe("—");
    expect(formatPercent(0 / 0)).toBe("—");
  });

  it.each([
    [112.4, 100, "+12.4 %"],
    [97, 100, "-3.0 %"],
    [100, 100, "0 %"],
    [100.01, 100, "+<0.1 %"],
    [99.99, 100, "-<0.1 %"],
    [5, 0, "new"],
    [0, 0, "0 %"],
    [0, 5, "-100.0 %"],
    [1340, 100, "+1,240 %"],
  ])("%d after %d is %s", (now, before, text) => {
    expect(formatDelta(now, before)).toBe(text);
  });

  it("knows no change from or to the unknown", () => {
    expect(formatDelta(null, 3)).toBe("—");
    expect(formatDelta(3, null)).toBe("—");
  });
});

describe("bytes and ids", () => {
  it.each([
    [0, "0 B"],
    [512, "512 B"],
    [999.6, "1 kB"],
    [1_240, "1.24 kB"],
    [999_600, "1 MB"],
    [3_100_000, "3.1 MB"],
    [2_000_000_000, "2 GB"],
    [5e15, "5000 TB"],
  ])("%d bytes read %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("shows the ends of long ids and all of short ones", () => {
    expect(formatId("req_3f9c0000000000000000a41e")).toBe("req_3f9c…a41e");
    expect(formatId("cnd_sk_ab12cdefghijkwx9z")).toBe("cnd_sk_ab12…wx9z");
    expect(formatId("019ab3f0-5a2b-7c3d-8e4f-0123456789ab")).toBe("019a…89ab");
    expect(formatId("team-a")).toBe("team-a");
    expect(formatBytes(null)).toBe("—");
  });
});
