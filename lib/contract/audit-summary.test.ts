import { expect, test } from "vitest";
import { changedFields, summarizeChange } from "./audit-summary.ts";

test("a change says what was and what is, and leaves out what stayed", () => {
  expect(
    summarizeChange({
      before: { budget_limit_usd: "50", alias: "ci", is_active: true },
      after: { budget_limit_usd: "80", alias: "ci", is_active: false },
    }),
  ).toBe("budget_limit_usd 50 → 80, is_active true → false");
});

test("a creation says what is, a deletion what was, and nothing is called none", () => {
  expect(summarizeChange({ before: null, after: { name: "Growth", max_parallel: null } })).toBe(
    "name Growth, max_parallel none",
  );
  expect(summarizeChange({ before: { name: "Growth" }, after: null })).toBe("name was Growth");
  expect(summarizeChange({ before: null, after: null })).toBe("");
});

test("what is long is cut, and what is many is counted", () => {
  const summary = summarizeChange({
    before: null,
    after: { a: "x".repeat(100), b: [1, 2], c: { d: 1 }, e: 1, f: 2 },
  });
  expect(summary).toBe(`a ${"x".repeat(47)}…, b [1,2], c {"d":1}, 2 more`);
});

test("equal objects are no change, whoever made them", () => {
  expect(changedFields({ before: { tags: { a: 1 } }, after: { tags: { a: 1 } } })).toEqual([]);
});
