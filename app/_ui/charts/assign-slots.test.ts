import { expect, test } from "vitest";
import { assignSlots } from "./assign-slots.ts";

const MODELS = ["gpt-5.2", "claude-sonnet-5", "gemini-3-pro", "mistral-large", "llama-4", "qwen-3"];

test("six names have six colours", () => {
  expect(new Set(assignSlots(MODELS).values()).size).toBe(6);
});

test("a name alone always has the colour of its hash, wherever it is shown", () => {
  for (const model of MODELS) {
    expect(assignSlots([model]).get(model)).toBe(assignSlots([model, "another"]).get(model));
  }
});

test("a refresh with the same names changes no colour", () => {
  expect([...assignSlots(MODELS)]).toEqual([...assignSlots([...MODELS])]);
});

test("the more important of two with the same hash keeps it, the other takes the next free slot", () => {
  const first = "a";
  const slot = assignSlots([first]).get(first);
  const rival = Array.from({ length: 1000 }, (_, at) => `m${at}`).find(
    (name) => assignSlots([name]).get(name) === slot,
  );
  const slots = assignSlots([first, rival ?? ""]);
  expect(slots.get(first)).toBe(slot);
  expect(slots.get(rival ?? "")).toBe(slot === 6 ? 1 : Number(slot) + 1);
});

test("what comes after the sixth is part of the rest", () => {
  const slots = assignSlots([...MODELS, "seventh", "eighth"]);
  expect(slots.get("seventh")).toBe("other");
  expect(slots.get("eighth")).toBe("other");
});

test("a name that is given twice takes one slot", () => {
  expect(assignSlots(["a", "a", "b"]).size).toBe(2);
});
