import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costNanos, formatUsd, parseUsd } from "./money.ts";

describe("US dollars at the edges", () => {
  it("reads what it wrote, for every amount", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (nanos) => {
        expect(parseUsd(formatUsd(nanos))).toBe(nanos);
      }),
    );
  });

  it("reads JSON numbers by their decimal digits, also those printed in exponent form", () => {
    expect(parseUsd(0.1)).toBe(100_000_000n);
    expect(parseUsd(1e-7)).toBe(100n);
    expect(parseUsd(50)).toBe(50_000_000_000n);
    expect(parseUsd(0.30000000000000004)).toBeUndefined();
  });

  it("refuses what is no amount instead of reading a part of it", () => {
    for (const text of ["", "1,5", "1.0000000001", "0x1", "Infinity", "1e3", "--1", "1."]) {
      expect(parseUsd(text), text).toBeUndefined();
    }
    expect(parseUsd(Number.NaN)).toBeUndefined();
  });
});

describe("costs", () => {
  it("rounds half up once, over the sum of all lines and not line by line", () => {
    const line = { tokens: 1, nanosPerMillion: 250_000n };
    expect(costNanos([line])).toBe(0n);
    expect(costNanos([line, line])).toBe(1n);
  });

  it("takes whatever is counted without throwing, and never gives money back", () => {
    const line = fc.record({
      tokens: fc.oneof(fc.double(), fc.integer(), fc.constant(1e300)),
      nanosPerMillion: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        expect(costNanos(lines)).toBeGreaterThanOrEqual(0n);
      }),
    );
    expect(costNanos([{ tokens: 2.9, nanosPerMillion: 1_000_000n }])).toBe(2n);
  });

  it("is exact where a float is not", () => {
    expect(costNanos([{ tokens: 3, nanosPerMillion: 100_000_000_000n }])).toBe(300_000n);
    expect(costNanos([{ tokens: 9_007_199_254_740_991, nanosPerMillion: 1_000_000n }])).toBe(
      9_007_199_254_740_991n,
    );
  });
});
