import { z } from "zod";
import { defineRule, type LocalCheck, type RemoteCheck } from "../define-rule.ts";
import { compilePattern, MOST_PATTERN_UNITS, type Pattern } from "./regex/pattern.ts";
import { type SimplePattern, simplePattern } from "./regex/simple.ts";
import { patternThread } from "./regex/thread.ts";
import { findingOf } from "./spans.ts";

/** All texts of one check together, in UTF-16 units. */
const MOST_TEXT_UNITS = 256 * 1024;

const config = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .max(MOST_PATTERN_UNITS)
    .meta({
      title: "Pattern",
      description:
        "In RE2's syntax: no back references and no look-around, so that its time is bounded. " +
        "A plain one, as PROJ-\\d{4,6}, holds a stream back by its own length; one with groups, " +
        "* or + holds it until the answer is complete.",
    }),
  ignore_case: z.boolean().default(false).meta({
    title: "Ignore case",
    description: "Finds capitals and small letters alike.",
  }),
  label: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,31}$/)
    .default("match")
    .meta({
      title: "Label",
      description: "What is counted, and put in place of a match: ticket makes [TICKET].",
    }),
});

/** A pattern of your own. */
export const regex = defineRule({
  type: "regex",
  label: "Regular expression",
  description: "Finds a pattern of your own, in linear time.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  compiles: "pattern",
  compile: ({ pattern, ignore_case, label }) => {
    const asked = { pattern, ignoreCase: ignore_case };
    compilePattern(asked);
    const simple = simplePattern(asked);
    return simple === undefined ? threadedCheck(asked, label) : simpleCheck(simple, label);
  },
});

function simpleCheck({ expression, longest }: SimplePattern, label: string): LocalCheck {
  return {
    kind: "local",
    // Whether a word ends behind a match is known by the unit after it.
    window: longest + 1,
    check: (texts) =>
      findingOf(texts, (text) =>
        Array.from(text.matchAll(expression), ({ index, 0: found }) => ({
          start: index,
          end: index + found.length,
          kind: label,
        })),
      ),
  };
}

function threadedCheck(pattern: Pattern, label: string): RemoteCheck {
  return {
    kind: "remote",
    check: async (texts, { signal }) => {
      const units = texts.reduce((sum, { text }) => sum + text.length, 0);
      if (units > MOST_TEXT_UNITS) {
        throw new Error(
          `A pattern reads ${MOST_TEXT_UNITS / 1024} KiB of text, and here are more.`,
        );
      }
      const spans = await patternThread().find(
        pattern,
        texts.map(({ text }) => text),
        signal,
      );
      const matches = spans.map(([at, start, end]) => ({ at, start, end, kind: label }));
      return { triggered: matches.length > 0, matches };
    },
  };
}
