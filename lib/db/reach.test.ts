import { afterEach, describe, expect, it, vi } from "vitest";
import { isDatabaseUp, noteSilence, onReachChange, watchReach } from "./reach.ts";

const LATE = new Error("no answer in time");
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0)) {
    await clean();
  }
});

describe("whether the database is away", () => {
  it("is not decided by a crowd: a server that answers the watcher at once is only slow", async () => {
    const { pings, changes } = watch(async () => undefined);
    for (let count = 0; count < 50; count += 1) {
      noteSilence(LATE);
    }
    await vi.waitFor(() => expect(pings()).toBeGreaterThan(0));
    noteSilence(LATE);
    expect(isDatabaseUp()).toBe(true);
    expect(changes).toEqual([]);
  });

  it("is decided soon when the watcher gets no answer either, and undone by its next answer", async () => {
    let isAway = true;
    const { changes } = watch(async () => {
      if (isAway) {
        throw LATE;
      }
    });
    noteSilence(LATE);
    noteSilence(LATE);
    expect(isDatabaseUp()).toBe(true);
    await vi.waitFor(() => expect(changes).toEqual([false]));
    isAway = false;
    await vi.waitFor(() => expect(changes).toEqual([false, true]), { timeout: 20_000 });
    expect(isDatabaseUp()).toBe(true);
  });
});

function watch(ping: () => Promise<void>) {
  let asked = 0;
  const changes: boolean[] = [];
  cleanups.push(onReachChange((isUp) => changes.push(isUp)));
  const watcher = watchReach({
    ping: async () => {
      asked += 1;
      await ping();
    },
    isUp: true,
  });
  cleanups.push(() => watcher.stop());
  return { pings: () => asked, changes };
}
