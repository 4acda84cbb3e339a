import { expect, test } from "vitest";
import { bestOf } from "./best-of.ts";
import { NEW_RUN, newPanel, type Panel, type Run } from "./playground-state.ts";

function answered(id: string, run: Partial<Run>): Panel {
  const turn = { id: "t", role: "assistant", content: "", run: { ...NEW_RUN, ...run } } as const;
  return { ...newPanel("m"), id, turns: [turn] };
}

const fast = answered("fast", { state: "done", totalMs: 100, costUsd: "0.02" });
const cheap = answered("cheap", { state: "done", totalMs: 900, costUsd: "0.01" });

test("the first and the cheapest are named once all have finished", () => {
  expect(bestOf([fast, cheap])).toEqual({ fastest: "fast", cheapest: "cheap" });
});

test("nobody is ahead while one is still answering", () => {
  const running = answered("running", { state: "running" });
  expect(bestOf([fast, cheap, running])).toEqual({ fastest: null, cheapest: null });
});

test("who failed or was stopped wins nothing, and a lone answer is no winner", () => {
  const failed = answered("failed", { state: "failed", totalMs: 1, costUsd: "0" });
  expect(bestOf([fast, cheap, failed])).toEqual({ fastest: "fast", cheapest: "cheap" });
  expect(bestOf([fast, failed])).toEqual({ fastest: null, cheapest: null });
});

test("an unknown cost is not the lowest, and level ones have no winner", () => {
  const unknown = answered("unknown", { state: "done", totalMs: 500, costUsd: null });
  expect(bestOf([fast, unknown]).cheapest).toBeNull();
  const level = answered("level", { state: "done", totalMs: 100, costUsd: "0.02" });
  expect(bestOf([fast, level])).toEqual({ fastest: null, cheapest: null });
});
