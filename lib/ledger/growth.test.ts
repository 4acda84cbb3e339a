import { describe, expect, it } from "vitest";
import type { PriceList, UnitPrices } from "#lib/contract/snapshot.ts";
import { growingCostNanos } from "./growth.ts";

const USD = 1_000_000_000n;
const BASE: UnitPrices = {
  input: 1n * USD,
  output: 2n * USD,
  cacheRead: 0n,
  cacheWrite5m: 0n,
  cacheWrite1h: 0n,
  audioIn: 0n,
  audioOut: 0n,
};
const LIST: PriceList = { base: BASE, tiers: [], source: "catalogue" };

function costOf(text: string, list: PriceList = LIST, inputTokens = 0): bigint {
  const deliveredBytes = Buffer.byteLength(text);
  return growingCostNanos({ list, inputTokens, deliveredBytes, atMs: Date.UTC(2026, 0, 1) });
}

describe("the cost of an answer while it grows", () => {
  it("counts a token for three Latin letters and for each Chinese character", () => {
    // A token of output is 2,000 nano-dollars here.
    expect(costOf("abcdef")).toBe(4_000n);
    expect(costOf("你好")).toBe(4_000n);
    expect(costOf("👍👍👍")).toBe(8_000n);
    expect(costOf("")).toBe(0n);
  });

  it("adds the input and the fee for the call", () => {
    const list = { ...LIST, base: { ...BASE, request: 5_000n * USD } };
    expect(costOf("abc", list, 10)).toBe(2_000n + 10_000n + 5_000_000n);
  });

  it("takes the dearer of the prices of output and reasoning", () => {
    const dear = { ...LIST, base: { ...BASE, reasoning: 7n * USD } };
    const cheap = { ...LIST, base: { ...BASE, reasoning: 1n * USD } };
    expect(costOf("abc", dear)).toBe(7_000n);
    expect(costOf("abc", cheap)).toBe(2_000n);
  });

  it("applies the tier that the input has reached and the prices of the day", () => {
    const prices = { ...BASE, input: 0n, output: 9n * USD };
    const tiered = { ...LIST, tiers: [{ aboveInputTokens: 100, prices }] };
    expect(costOf("abc", tiered, 100)).toBe(2_000n + 100_000n);
    expect(costOf("abc", tiered, 101)).toBe(9_000n);
    const list: PriceList = {
      ...LIST,
      schedule: [
        { prices: { base: BASE, tiers: [] } },
        { prices: { base: prices, tiers: [] }, startsAtMs: Date.UTC(2026, 0, 1) },
      ],
    };
    expect(costOf("abc", list)).toBe(9_000n);
  });
});
