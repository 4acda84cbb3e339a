import { expect, test } from "vitest";
import { markedParts } from "./marked-parts.ts";

test("the parts of a text are the text again, whatever spans overlap", () => {
  const text = "one two three";
  const spans = [
    { start: 4, end: 13, kind: "b", rule: "B" },
    { start: 0, end: 7, kind: "a", rule: "A" },
    { start: 5, end: 6, kind: "c", rule: "C" },
  ];
  const parts = markedParts(text, spans);
  expect(parts.map((part) => part.text).join("")).toBe(text);
  expect(parts).toEqual([
    { text: "one two", kind: "a (A)" },
    { text: " three", kind: "b (B)" },
  ]);
  expect(markedParts(text, [])).toEqual([{ text, kind: null }]);
});
