import { expect, it } from "vitest";
import { checkText, localCheck } from "#lib/testing/rule-check.ts";

it("a text is too long only beyond the limit", () => {
  const limit = localCheck("max_tokens", { max_tokens: 10 });
  expect(checkText(limit, "a".repeat(40)).triggered).toBe(false);
  expect(checkText(limit, "a".repeat(41)).triggered).toBe(true);
});

it("a limit of nothing is refused", () => {
  expect(() => localCheck("max_tokens", { max_tokens: 0 })).toThrow();
});
