import type { SimilarityView, ThresholdEstimate } from "#lib/contract/cache-console.ts";
import { THRESHOLD_MAX, THRESHOLD_MIN } from "#lib/contract/cache-threshold.ts";
import { formatCount, formatPercent } from "../../_ui/format.ts";

/** One step of the slider, in thousandths. */
const STEP = 5;
const FIRST = THRESHOLD_MIN * 1000;
const LAST = THRESHOLD_MAX * 1000;

/** Look-ups whose best similarity lies in one step. */
export interface SimilarityBar {
  from: number;
  open: number;
  guarded: number;
}

/** The bins in steps of the slider, from its least value on; the very same question is in the last. */
export function similarityBars({ bins }: SimilarityView): SimilarityBar[] {
  const bars = Array.from({ length: (LAST - FIRST) / STEP }, (_, at) => ({
    from: (FIRST + at * STEP) / 1000,
    open: 0,
    guarded: 0,
  }));
  for (const { thousandth, open, guarded } of bins) {
    const at = Math.min(Math.floor((thousandth - FIRST) / STEP), bars.length - 1);
    const bar = bars[at];
    if (bar !== undefined) {
      bar.open += open;
      bar.guarded += guarded;
    }
  }
  return bars;
}

/** A threshold with its three places, as `0.950`. */
export function thresholdText(threshold: number): string {
  const thousandths = Math.round(threshold * 1000);
  return `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, "0")}`;
}

/** A threshold as it is typed; `undefined` for what is none. */
export function readThreshold(text: string): number | undefined {
  const value = /^[01]([.,]\d{1,3})?$/.test(text.trim()) ? Number(text.replace(",", ".")) : NaN;
  return value >= THRESHOLD_MIN && value <= THRESHOLD_MAX ? value : undefined;
}

/** `0.930: +4.1 points hit rate, about 212 more hits a day`, from the noted look-ups. */
export function estimateText(threshold: number, estimate: ThresholdEstimate): string {
  const { hitRate, change, hitsPerDay } = estimate;
  if (hitRate === null || change === null || hitsPerDay === null) {
    return `${thresholdText(threshold)}: no look-ups to judge by yet.`;
  }
  const rate = `${formatPercent(hitRate)} of the noted look-ups are hits`;
  if (change === 0) {
    return `${thresholdText(threshold)}: ${rate}, as at present.`;
  }
  const points = Math.round(Math.abs(change) * 1000) / 10;
  const size = points < 0.1 ? "<0.1" : String(points);
  const hits = formatCount(Math.abs(hitsPerDay));
  return change > 0
    ? `${thresholdText(threshold)}: ${rate}, ${size} points more; about ${hits} more hits a day.`
    : `${thresholdText(threshold)}: ${rate}, ${size} points less; about ${hits} fewer hits a day.`;
}
