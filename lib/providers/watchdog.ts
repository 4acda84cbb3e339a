import { singleton } from "#lib/singleton.ts";

/**
 * The one clock of all upstream calls: a wheel that turns every 100 ms. A timer for each request
 * would cost more than the request's own bookkeeping, and undici's own timers have a grain of a
 * second.
 */
export interface Watch {
  /** When the watch expires, on the wheel's clock. */
  deadlineMs: number;
  readonly onExpire: () => void;
}

interface Wheel {
  nowMs: number;
  watches: Set<Watch>;
  timer: NodeJS.Timeout | undefined;
}

const TICK_MS = 100;
/** A gap this long means that the process was stopped; nobody was late but us. */
const STALL_MS = 1000;

function wheel(): Wheel {
  return singleton("watchdog", () => ({
    nowMs: performance.now(),
    watches: new Set(),
    timer: undefined,
  }));
}

/** Starts to watch; `onExpire` runs once when `afterMs` pass without a `touch`. */
export function watch(afterMs: number, onExpire: () => void): Watch {
  const state = wheel();
  if (state.watches.size === 0) {
    state.nowMs = performance.now();
    state.timer ??= setInterval(() => turn(state), TICK_MS).unref();
  }
  const entry: Watch = { deadlineMs: state.nowMs + afterMs + TICK_MS, onExpire };
  state.watches.add(entry);
  return entry;
}

/** Sets a watch to expire `afterMs` from now. */
export function touch(entry: Watch, afterMs: number): void {
  entry.deadlineMs = wheel().nowMs + afterMs + TICK_MS;
}

/** Watches again with the same entry after it has expired. */
export function rewatch(entry: Watch, afterMs: number): void {
  touch(entry, afterMs);
  wheel().watches.add(entry);
}

/** Stops watching. */
export function unwatch(entry: Watch): void {
  wheel().watches.delete(entry);
}

function turn(state: Wheel): void {
  const nowMs = performance.now();
  const gapMs = nowMs - state.nowMs;
  state.nowMs = nowMs;
  for (const entry of state.watches) {
    if (gapMs > STALL_MS) {
      entry.deadlineMs += gapMs;
    } else if (entry.deadlineMs <= nowMs) {
      state.watches.delete(entry);
      entry.onExpire();
    }
  }
}
