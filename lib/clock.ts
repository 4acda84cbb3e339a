import { singleton } from "./singleton.ts";

/** A reading that took longer than this is no better than what is known already. */
const SLOW_MS = 500;

interface SharedClock {
  /** What has to be added to `performance.now()`; `undefined` before the first reading. */
  offsetMs: number | undefined;
}

function clock(): SharedClock {
  return singleton("clock", (): SharedClock => ({ offsetMs: undefined }));
}

/**
 * The time that all processes of an install agree on, in whole milliseconds since the epoch: the
 * database's, as `syncClock` read it, carried on by a clock that nobody sets. Windows, expiries and
 * what other processes compare go by it, so that a machine whose clock is wrong or steps opens no
 * window twice. It is the machine's own time until it was read once (and always where there is only
 * one process).
 */
export function sharedNow(): number {
  const { offsetMs } = clock();
  return offsetMs === undefined ? Date.now() : Math.floor(performance.now() + offsetMs);
}

/**
 * Milliseconds that only ever pass: they measure how long something takes or lasts, and say nothing
 * of the time of day after the machine's clock was set.
 */
export function steadyNow(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

/**
 * Takes over the store's time. `read` gives it in milliseconds; half of the time that it takes to
 * answer is taken for the way back. A slow answer is used only when there was none before. Rejects
 * when `read` does.
 */
export async function syncClock(read: () => Promise<number>): Promise<void> {
  const askedMs = performance.now();
  const storeMs = await read();
  const tookMs = performance.now() - askedMs;
  const held = clock();
  if (held.offsetMs === undefined || tookMs <= SLOW_MS) {
    held.offsetMs = storeMs - (askedMs + tookMs / 2);
  }
}

/** The difference between the shared time and this machine's, in milliseconds; 0 before a reading. */
export function clockSkewMs(): number {
  return clock().offsetMs === undefined ? 0 : sharedNow() - Date.now();
}
