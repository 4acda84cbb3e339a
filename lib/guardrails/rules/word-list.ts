import { z } from "zod";
import { defineRule } from "../define-rule.ts";
import { findingOf } from "./spans.ts";
import { type Hit, stretchOf, WordAutomaton } from "./word-list/automaton.ts";
import { makeFolding } from "./word-list/folded-units.ts";

const MOST_WORDS = 5_000;
const MOST_UNITS = 100;

const config = z.strictObject({
  words: z.array(z.string().trim().min(1).max(MOST_UNITS)).min(1).max(MOST_WORDS).meta({
    title: "Words",
    description: "Words or phrases, one a line. At most 5,000 of at most 100 characters.",
  }),
  whole_words: z.boolean().default(true).meta({
    title: "Whole words only",
    description: "Leaves words alone that merely contain one of these, as class does ass.",
  }),
  case_sensitive: z.boolean().default(false).meta({
    title: "Capitals matter",
    description: "Finds the words only in the spelling that is given here.",
  }),
  label: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,31}$/)
    .default("word")
    .meta({
      title: "Label",
      description: "What is counted, and put in place of a word: codename makes [CODENAME].",
    }),
});

/** Words that must not be said. */
export const wordList = defineRule({
  type: "word_list",
  label: "Word list",
  description: "Finds any of up to 5,000 words or phrases, whatever their case, width or spacing.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  compile: ({ words, whole_words, case_sensitive, label }) => {
    const plain = words.map(withPlainSpaces);
    const units = makeFolding({ keepCase: case_sensitive });
    const automaton = new WordAutomaton(plain, units, whole_words ? isWholeWord : () => true);
    // A whole word is known as one by the unit that follows it.
    const window = stretchOf(Math.max(...plain.map((word) => word.length))) + 1;
    return {
      kind: "local",
      window,
      check: (texts) =>
        findingOf(texts, (text) => automaton.find(text).map((hit) => ({ ...hit, kind: label }))),
    };
  },
});

function withPlainSpaces(word: string): string {
  return word.replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "").replace(/\s+/g, " ");
}

const LETTER = /[\p{L}\p{M}\p{N}_]/u;
/** Scripts that put no spaces between words, so that a word has no edges to look for. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function isWholeWord(text: string, { start, end }: Hit): boolean {
  return (
    isEdge(text[start] ?? "", text[start - 1] ?? "") && isEdge(text[end - 1] ?? "", text[end] ?? "")
  );
}

function isEdge(inside: string, outside: string): boolean {
  return (
    !LETTER.test(inside) || !LETTER.test(outside) || UNSPACED.test(inside) || UNSPACED.test(outside)
  );
}
