import { expect, test } from "vitest";
import type { SimilarityView } from "#lib/contract/cache-console.ts";
import { estimateThreshold } from "#lib/contract/cache-threshold.ts";
import { estimateText, readThreshold, similarityBars, thresholdText } from "./similarity-bars.ts";

const VIEW: SimilarityView = {
  days: 7,
  lookups: 200,
  alone: 50,
  bins: [
    { thousandth: 620, open: 40, guarded: 0 },
    { thousandth: 930, open: 10, guarded: 5 },
    { thousandth: 949, open: 4, guarded: 0 },
    { thousandth: 950, open: 20, guarded: 0 },
    { thousandth: 1000, open: 6, guarded: 2 },
  ],
  perDay: 1000,
  threshold: 0.95,
};

test("a lower threshold adds what lies between, and never what a guard held back", () => {
  expect(estimateThreshold(VIEW, 0.95)).toEqual({ hitRate: 0.13, change: 0, hitsPerDay: 0 });
  expect(estimateThreshold(VIEW, 0.93)).toMatchObject({ hitRate: 0.2, hitsPerDay: 70 });
  expect(estimateThreshold(VIEW, 1)).toMatchObject({ hitRate: 0.03, hitsPerDay: -100 });
});

test("without a noted look-up nothing is estimated", () => {
  const empty = { ...VIEW, lookups: 0, alone: 0, bins: [] };
  expect(estimateThreshold(empty, 0.9).hitRate).toBeNull();
  expect(estimateText(0.9, estimateThreshold(empty, 0.9))).toContain("no look-ups");
});

test("the estimate is said in points and hits a day", () => {
  const say = (threshold: number) => estimateText(threshold, estimateThreshold(VIEW, threshold));
  expect(say(0.93)).toBe(
    "0.930: 20.0 % of the noted look-ups are hits, 7 points more; about 70 more hits a day.",
  );
  expect(say(1)).toContain("10 points less; about 100 fewer");
  expect(say(0.95)).toContain("as at present");
});

test("every look-up from the slider's least value on stands in exactly one bar", () => {
  const bars = similarityBars(VIEW);
  expect(bars).toHaveLength(40);
  expect(bars.filter(({ open, guarded }) => open + guarded > 0)).toEqual([
    { from: 0.93, open: 10, guarded: 5 },
    { from: 0.945, open: 4, guarded: 0 },
    { from: 0.95, open: 20, guarded: 0 },
    { from: 0.995, open: 6, guarded: 2 },
  ]);
});

test.each([
  ["0.93", 0.93, "0.930"],
  ["0,905", 0.905, "0.905"],
  ["1", 1, "1.000"],
  ["0.8", 0.8, "0.800"],
  [" 0.85 ", 0.85, "0.850"],
])("%j is a threshold", (text, value, shown) => {
  expect(readThreshold(text)).toBe(value);
  expect(thresholdText(value)).toBe(shown);
});

test.each(["", "0.79", "1.01", "0.9301", "high", "-0.9", "NaN"])("%j is none", (text) => {
  expect(readThreshold(text)).toBeUndefined();
});
