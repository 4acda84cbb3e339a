import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fault } from "#lib/testing/reliability-rows.ts";
import { clockSkewMs, sharedNow, steadyNow, syncClock } from "./clock.ts";
import { dropSingleton } from "./singleton.ts";

const START = Date.parse("2026-11-22T12:00:00Z");
const TEN_MINUTES_MS = 600_000;
/** What a busy machine may take between two lines of a test. */
const SLACK_MS = 2_000;

beforeEach(() => {
  dropSingleton("clock");
  vi.useFakeTimers({ toFake: ["Date"], now: START });
});

afterEach(() => {
  vi.useRealTimers();
  dropSingleton("clock");
});

describe(fault("F38"), () => {
  it("goes by the machine's clock until the store has told the time", () => {
    expect([sharedNow(), clockSkewMs()]).toEqual([START, 0]);
  });

  it.each([TEN_MINUTES_MS, -TEN_MINUTES_MS])(
    "%d ms off: the store's time counts, and how far off it is can be told",
    async (offMs) => {
      await syncClock(async () => START + offMs);
      expect(sharedNow() - START - offMs).toBeLessThan(SLACK_MS);
      expect(sharedNow() - START - offMs).toBeGreaterThanOrEqual(0);
      expect(Math.abs(clockSkewMs() - offMs)).toBeLessThan(SLACK_MS);
    },
  );

  it("a clock that steps, in either direction, moves neither windows nor durations", async () => {
    await syncClock(async () => START);
    const [shared, steady] = [sharedNow(), steadyNow()];
    for (const stepMs of [-TEN_MINUTES_MS, TEN_MINUTES_MS, -24 * 3_600_000]) {
      vi.setSystemTime(START + stepMs);
      for (const passedMs of [sharedNow() - shared, steadyNow() - steady]) {
        expect(passedMs).toBeGreaterThanOrEqual(0);
        expect(passedMs).toBeLessThan(SLACK_MS);
      }
    }
  });

  it("a store that does not tell the time leaves the last reading in place", async () => {
    await syncClock(async () => START + TEN_MINUTES_MS);
    await expect(syncClock(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(sharedNow()).toBeGreaterThanOrEqual(START + TEN_MINUTES_MS);
  });
});
