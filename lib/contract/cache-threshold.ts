import type { SimilarityView, ThresholdEstimate } from "./cache-console.ts";

/** Bounds of the similarity from which two questions count as one. */
export const THRESHOLD_MIN = 0.8;
export const THRESHOLD_MAX = 1;

/** Counts what would have been a hit at `candidate`, and compares it with what was at present. */
export function estimateThreshold(view: SimilarityView, candidate: number): ThresholdEstimate {
  const { lookups, perDay, threshold } = view;
  if (lookups === 0) {
    return { hitRate: null, change: null, hitsPerDay: null };
  }
  const hitRate = hitsAt(view, candidate) / lookups;
  const change = hitRate - hitsAt(view, threshold) / lookups;
  return { hitRate, change, hitsPerDay: Math.round(change * perDay) };
}

function hitsAt({ bins }: SimilarityView, threshold: number): number {
  const least = Math.round(threshold * 1000);
  return bins.reduce((sum, bin) => sum + (bin.thousandth >= least ? bin.open : 0), 0);
}
