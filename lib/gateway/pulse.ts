import { singleton } from "#lib/singleton.ts";

const BEAT_MS = 500;

interface Pulse {
  beatAtMs: number;
  lagMs: number;
}

/**
 * Begins to measure how late the event loop is. A loop that stands still cannot answer that it does;
 * one that goes on after each long stop can, and this tells how long the last stop was.
 */
export function startPulse(): void {
  const state = pulse();
  // A probe may have asked during the start; the wait for it was no stop of the loop.
  state.beatAtMs = performance.now();
  setInterval(() => {
    const nowMs = performance.now();
    state.lagMs = Math.max(0, nowMs - state.beatAtMs - BEAT_MS);
    state.beatAtMs = nowMs;
  }, BEAT_MS).unref();
}

function pulse(): Pulse {
  return singleton("gateway.pulse", () => ({ beatAtMs: performance.now(), lagMs: 0 }));
}

/** Milliseconds by which the last beat was late; 0 where nobody measures. */
export function loopLagMs(): number {
  return pulse().lagMs;
}
