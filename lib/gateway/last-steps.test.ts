import { describe, expect, it } from "vitest";
import { takeLastSteps } from "./last-steps.ts";

describe("the last steps of a process", () => {
  it("are taken in order, and one that fails or hangs keeps no other from being taken", async () => {
    const taken: string[] = [];
    await takeLastSteps([
      { name: "first", run: async () => void taken.push("first") },
      {
        name: "throws",
        run: () => {
          taken.push("throws");
          throw new Error("at once");
        },
      },
      { name: "rejects", run: () => Promise.reject(new Error("the database is gone")) },
      { name: "hangs", run: () => new Promise(() => undefined), withinMs: 10 },
      { name: "last", run: () => taken.push("last") },
    ]);
    expect(taken).toEqual(["first", "throws", "last"]);
  });

  it("wait for one that takes its time", async () => {
    const taken: string[] = [];
    const slow = Promise.withResolvers<void>();
    const all = takeLastSteps([
      { name: "slow", run: () => slow.promise.then(() => taken.push("slow")), withinMs: 60_000 },
      { name: "next", run: () => taken.push("next") },
    ]);
    expect(taken).toEqual([]);
    slow.resolve();
    await all;
    expect(taken).toEqual(["slow", "next"]);
  });
});
