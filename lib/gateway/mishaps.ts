import { singleton } from "#lib/singleton.ts";

/** What went wrong where nobody was listening: an exception ends the process, a rejection may not. */
export type Mishap = "exception" | "rejection";

const WINDOW_MS = 60_000;
/** One promise that nobody waits for is an oversight; more than these in a minute are a broken state. */
const MOST_REJECTIONS = 5;

interface Mishaps {
  counts: Record<Mishap, number>;
  /** `performance.now()` of the last rejections, at most one more than are allowed. */
  rejectedAtMs: number[];
}

function mishaps(): Mishaps {
  return singleton("gateway.mishaps", () => ({
    counts: { exception: 0, rejection: 0 },
    rejectedAtMs: [],
  }));
}

/** Counts one; `too_many` when the process cannot be trusted any more. */
export function countMishap(kind: Mishap): "tolerable" | "too_many" {
  const state = mishaps();
  state.counts[kind] += 1;
  if (kind === "exception") {
    return "too_many";
  }
  const nowMs = performance.now();
  state.rejectedAtMs = [...state.rejectedAtMs, nowMs].slice(-MOST_REJECTIONS - 1);
  const [first = nowMs] = state.rejectedAtMs;
  const isFull = state.rejectedAtMs.length > MOST_REJECTIONS;
  return isFull && nowMs - first <= WINDOW_MS ? "too_many" : "tolerable";
}

/** How many there were since the start, by kind. */
export function mishapCounts(): Readonly<Record<Mishap, number>> {
  return mishaps().counts;
}
