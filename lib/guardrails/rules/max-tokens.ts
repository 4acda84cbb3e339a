import { z } from "zod";
import { defineRule, type ScannedText } from "../define-rule.ts";

const config = z.strictObject({
  max_tokens: z.int().min(1).max(10_000_000).meta({
    title: "Most tokens",
    description: "All texts of the request, or of one answer, together may have so many tokens.",
  }),
});

/** Refuses or reports texts that are too long, counted in tokens of the usual vocabulary. */
export const maxTokens = defineRule({
  type: "max_tokens",
  label: "Length limit",
  description: "Finds requests or answers with more tokens than you allow.",
  config,
  stages: ["pre", "post"],
  actions: ["block", "warn", "log"],
  compile: (limits) => ({
    kind: "local",
    // A text is too long only once all of it has been counted.
    window: Number.POSITIVE_INFINITY,
    // Long texts are counted by their bytes, and what is far too long must still be found.
    readsAnyLength: true,
    check: (texts, context) => ({
      triggered: canExceed(texts, limits.max_tokens) && context.countTokens() > limits.max_tokens,
      matches: [],
    }),
  }),
});

/** A token is at least a byte, and a UTF-16 unit at most three: counting is rarely needed at all. */
const MOST_TOKENS_PER_UNIT = 3;

function canExceed(texts: readonly ScannedText[], limit: number): boolean {
  const units = texts.reduce((sum, { text }) => sum + text.length, 0);
  return units * MOST_TOKENS_PER_UNIT > limit;
}
