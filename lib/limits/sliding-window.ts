export const MINUTE_MS = 60_000;

/** Two neighbouring minutes of a counter; the one before counts by the share still in sight. */
export interface WindowCells {
  /** Minutes since the epoch of `current`. */
  minute: number;
  current: number;
  previous: number;
}

export function emptyCells(): WindowCells {
  return { minute: 0, current: 0, previous: 0 };
}

/**
 * Moves cells to the minute of `nowMs`. A clock that steps back changes nothing: the minute that has
 * begun stays the present one, so that no quota is given out twice.
 */
export function rollCells(cells: WindowCells, nowMs: number): void {
  const minute = Math.floor(nowMs / MINUTE_MS);
  if (minute <= cells.minute) {
    return;
  }
  cells.previous = minute === cells.minute + 1 ? cells.current : 0;
  cells.current = 0;
  cells.minute = minute;
}

/** How much of the last sixty seconds is used, counted as `@upstash/ratelimit` counts it. */
export function usedOf(cells: WindowCells, nowMs: number): number {
  const elapsedMs = elapsedOf(cells, nowMs);
  return shareOf(cells.previous, elapsedMs) + cells.current;
}

/** Adds to the minute in which an amount was taken, while that minute is still in sight. */
export function correctCells(cells: WindowCells, minute: number, change: number): void {
  if (cells.minute === minute) {
    cells.current = Math.max(0, cells.current + change);
  } else if (cells.minute === minute + 1) {
    cells.previous = Math.max(0, cells.previous + change);
  }
}

/**
 * Milliseconds until `cost` fits under `limit` if nobody takes more in between; `undefined` when it
 * is larger than the limit itself and never will.
 */
export function waitOf(
  cells: WindowCells,
  { limit, cost, nowMs }: { limit: number; cost: number; nowMs: number },
): number | undefined {
  if (cost > limit) {
    return undefined;
  }
  const elapsedMs = elapsedOf(cells, nowMs);
  const room = limit - cost - cells.current;
  if (room >= 0) {
    return Math.max(0, fallsToAtMs(cells.previous, room) - elapsedMs);
  }
  return MINUTE_MS - elapsedMs + fallsToAtMs(cells.current, limit - cost);
}

/** How much of a minute that held `count` is still in sight `elapsedMs` into the next one. */
function shareOf(count: number, elapsedMs: number): number {
  return Math.floor(count * (1 - elapsedMs / MINUTE_MS));
}

/**
 * How far into a minute the share of the one before, which held `count`, is down to `room`. Solving
 * for it is off by a rounding error now and then, so the millisecond is looked for around it.
 */
function fallsToAtMs(count: number, room: number): number {
  if (count <= room) {
    return 0;
  }
  let atMs = Math.max(0, Math.floor(MINUTE_MS * (1 - (room + 1) / count)) - 2);
  while (shareOf(count, atMs) > room) {
    atMs += 1;
  }
  return atMs;
}

function elapsedOf(cells: WindowCells, nowMs: number): number {
  return Math.max(0, Math.min(MINUTE_MS, nowMs - cells.minute * MINUTE_MS));
}
