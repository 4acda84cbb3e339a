import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UnitPrices } from "#lib/contract/snapshot.ts";
import type { Usage } from "#lib/contract/usage.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, seed } from "#lib/testing/tier.ts";
import { growingCostNanos } from "./growth.ts";
import { priceUsage } from "./price.ts";

const RUNS = { numRuns: byTier({ quick: 500, all: 50_000 }), seed: seed() };
const MILLION = 1_000_000n;

const count = fc.nat(2 ** 31 - 1);
const unitPrice = fc.bigInt({ min: 0n, max: 10n ** 13n });

const usages: fc.Arbitrary<Usage> = fc.record({
  input: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  output: count,
  reasoning: count,
  audioIn: count,
  audioOut: count,
});

const units: fc.Arbitrary<UnitPrices> = fc.record(
  {
    input: unitPrice,
    output: unitPrice,
    cacheRead: unitPrice,
    cacheWrite5m: unitPrice,
    cacheWrite1h: unitPrice,
    audioIn: unitPrice,
    audioOut: unitPrice,
    reasoning: unitPrice,
    request: unitPrice,
  },
  {
    requiredKeys: [
      "input",
      "output",
      "cacheRead",
      "cacheWrite5m",
      "cacheWrite1h",
      "audioIn",
      "audioOut",
    ],
  },
);

const priced = (base: UnitPrices) =>
  ({ state: "priced", list: { base, tiers: [], source: "override" } }) as const;

/** The bill as a person would write it: every token at its price, and a half nano-dollar is one. */
function billOf(usage: Usage, unit: UnitPrices): bigint {
  const reasoning = Math.min(usage.reasoning, usage.output);
  const thought = BigInt(reasoning) * (unit.reasoning ?? unit.output);
  const tokens =
    usage.input +
    usage.cacheRead +
    usage.cacheWrite5m +
    usage.cacheWrite1h +
    usage.output +
    usage.audioIn +
    usage.audioOut;
  const millionths =
    BigInt(usage.input) * unit.input +
    BigInt(usage.cacheRead) * unit.cacheRead +
    BigInt(usage.cacheWrite5m) * unit.cacheWrite5m +
    BigInt(usage.cacheWrite1h) * unit.cacheWrite1h +
    BigInt(usage.output - reasoning) * unit.output +
    thought +
    BigInt(usage.audioIn) * unit.audioIn +
    BigInt(usage.audioOut) * unit.audioOut +
    (tokens > 0 ? (unit.request ?? 0n) : 0n);
  const whole = millionths / MILLION;
  return (millionths % MILLION) * 2n >= MILLION ? whole + 1n : whole;
}

describe(threat("T40"), () => {
  it("a cost is exactly what the tokens come to at their prices, and never negative", () => {
    fc.assert(
      fc.property(usages, units, (usage, unit) => {
        const { costNanos } = priceUsage(usage, priced(unit));
        expect(costNanos).toBe(billOf(usage, unit));
        expect(costNanos).toBeGreaterThanOrEqual(0n);
      }),
      RUNS,
    );
  });

  it("one more token of any kind costs no less", () => {
    const kinds = [
      "input",
      "cacheRead",
      "cacheWrite5m",
      "cacheWrite1h",
      "output",
      "audioIn",
    ] as const;
    fc.assert(
      fc.property(usages, units, fc.constantFrom(...kinds), (usage, unit, kind) => {
        const settled = { ...usage, reasoning: Math.min(usage.reasoning, usage.output) };
        const more = { ...settled, [kind]: settled[kind] + 1 };
        const before = priceUsage(settled, priced(unit)).costNanos;
        expect(priceUsage(more, priced(unit)).costNanos).toBeGreaterThanOrEqual(before);
      }),
      RUNS,
    );
  });

  it("what a growing answer is taken for never shrinks", () => {
    fc.assert(
      fc.property(units, count, count, fc.nat(1_000), (unit, inputTokens, bytes, more) => {
        const { list } = priced(unit);
        const at = (deliveredBytes: number) =>
          growingCostNanos({ list, inputTokens, deliveredBytes, atMs: 0 });
        expect(at(bytes + more)).toBeGreaterThanOrEqual(at(bytes));
        expect(at(bytes)).toBeGreaterThanOrEqual(0n);
      }),
      RUNS,
    );
  });
});
