import { assert, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  correctCells,
  emptyCells,
  MINUTE_MS,
  rollCells,
  usedOf,
  type WindowCells,
  waitOf,
} from "./sliding-window.ts";

const START = 1_000 * MINUTE_MS;

function after(cells: WindowCells, nowMs: number): WindowCells {
  const copy = { ...cells };
  rollCells(copy, nowMs);
  return copy;
}

describe("a sliding minute", () => {
  it("counts the minute before by the share of it that is still in sight", () => {
    const cells = { minute: 999, current: 60, previous: 0 };
    rollCells(cells, START + MINUTE_MS / 4);
    expect(cells).toEqual({ minute: 1_000, current: 0, previous: 60 });
    expect(usedOf(cells, START + MINUTE_MS / 4)).toBe(45);
  });

  it("forgets what is two minutes old", () => {
    const cells = { minute: 998, current: 60, previous: 60 };
    rollCells(cells, START);
    expect(usedOf(cells, START)).toBe(0);
  });

  it("gives nothing out twice when the clock steps back", () => {
    const cells = { minute: 1_000, current: 10, previous: 0 };
    rollCells(cells, START - MINUTE_MS);
    expect(cells).toEqual({ minute: 1_000, current: 10, previous: 0 });
    expect(usedOf(cells, START - MINUTE_MS)).toBe(10);
  });

  it("corrects the minute that an amount was taken in, and no other", () => {
    const cells = { minute: 1_001, current: 5, previous: 7 };
    correctCells(cells, 1_001, -2);
    correctCells(cells, 1_000, 3);
    correctCells(cells, 999, -100);
    expect(cells).toEqual({ minute: 1_001, current: 3, previous: 10 });
    correctCells(cells, 1_001, -100);
    expect(cells.current).toBe(0);
    expect(emptyCells()).toEqual({ minute: 0, current: 0, previous: 0 });
  });

  it("tells the first millisecond at which an amount fits", async () => {
    const shapes = record({
      limit: integer({ min: 1, max: 500 }),
      cost: integer({ min: 1, max: 500 }),
      current: integer({ min: 0, max: 600 }),
      previous: integer({ min: 0, max: 600 }),
      elapsedMs: integer({ min: 0, max: MINUTE_MS - 1 }),
    });
    await assert(
      property(shapes, ({ limit, cost, current, previous, elapsedMs }) => {
        const cells = { minute: 1_000, current, previous };
        const nowMs = START + elapsedMs;
        const waitMs = waitOf(cells, { limit, cost, nowMs });
        if (waitMs === undefined) {
          return cost > limit;
        }
        const fitsAt = (atMs: number) => usedOf(after(cells, atMs), atMs) + cost <= limit;
        return fitsAt(nowMs + waitMs) && (waitMs === 0 || !fitsAt(nowMs + waitMs - 1));
      }),
      { numRuns: 2_000 },
    );
  });
});
