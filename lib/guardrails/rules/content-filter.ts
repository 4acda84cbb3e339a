import { z } from "zod";
import { defineRule, type Finding, type Match, type ScannedText } from "../define-rule.ts";
import {
  CATEGORIES,
  type Category,
  ENTRIES,
  type Entry,
  LONGEST,
  TELLTALE,
} from "./content-filter/lists.ts";
import { foldedTailOf, foldText } from "./fold.ts";

const config = z.strictObject({
  categories: z
    .array(z.enum(CATEGORIES))
    .min(1)
    .default([...CATEGORIES])
    .meta({ title: "Categories", description: "What the rule acts on." }),
  strictness: z.enum(["clear", "broad"]).default("clear").meta({
    title: "Strictness",
    description:
      "How the built-in lists are read: clear finds plain cases, broad also what is often harmless. Without meaning when a moderation model is set.",
  }),
  moderation_model: z.string().min(1).max(256).optional().meta({
    title: "Moderation model",
    description:
      "A model, deployment or alias of the moderations endpoint that judges instead of the built-in lists, which are English and know plain wording only.",
  }),
  threshold: z.number().min(0.01).max(1).default(0.5).meta({
    title: "Threshold",
    description: "The score from 0 to 1 from which a category of the moderation model counts.",
  }),
});

/** The categories of moderation services by ours. A name in front of a slash stands for all below it. */
const SERVICE_NAMES: Readonly<Record<string, Category>> = {
  hate: "hate",
  hate_and_discrimination: "hate",
  harassment: "harassment",
  violence: "violence",
  violence_and_threats: "violence",
  "self-harm": "self_harm",
  selfharm: "self_harm",
  sexual: "sexual",
  "sexual/minors": "sexual_minors",
  illicit: "illicit",
  dangerous_and_criminal_content: "illicit",
  dangerous: "illicit",
  criminal: "illicit",
};

/** Finds content that an operator does not want, by lists or by asking a moderation model. */
export const contentFilter = defineRule({
  type: "content_filter",
  label: "Content filter",
  description:
    "Finds hate, harassment, violence, self-harm, sexual and illicit content, with built-in lists or a moderation model.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "warn", "log"],
  compile({ categories, strictness, moderation_model: model, threshold }) {
    const wanted = new Set<Category>(categories);
    if (model !== undefined) {
      return {
        kind: "remote",
        async check(texts, { powers }) {
          const scores = await powers.moderate({ model, texts: texts.map(({ text }) => text) });
          return judgedBy(scores, { texts, wanted, threshold });
        },
      };
    }
    const entries = ENTRIES.filter(
      ({ category, level }) =>
        wanted.has(category) && (strictness === "broad" || level === "clear"),
    );
    return {
      kind: "local",
      window: LONGEST,
      openFrom: openFolded,
      check: (texts) => findIn(texts, entries),
    };
  },
});

/** So much of a stream is held back at most, however little of it can be seen. */
const MOST_HELD = 16_384;

/** Patterns read folded text, which may be far shorter than what was written. */
function openFolded(text: string): number {
  const from = foldedTailOf(text, LONGEST);
  if (text.length - from > MOST_HELD) {
    throw new Error("Too much of the text is invisible to tell what it says.");
  }
  return from;
}

function findIn(texts: readonly ScannedText[], entries: readonly Entry[]): Finding {
  const matches: Match[] = [];
  for (const [at, { text }] of texts.entries()) {
    const folded = foldText(text);
    const possible = new Set(
      CATEGORIES.filter((category) => TELLTALE.get(category)?.test(folded.text) === true),
    );
    for (const { category, pattern } of entries.filter((entry) => possible.has(entry.category))) {
      for (const { index, 0: found } of folded.text.matchAll(pattern)) {
        const end = folded.origin(index + found.length);
        matches.push({
          at,
          start: folded.origin(index),
          end: Math.min(end, text.length),
          kind: category,
        });
      }
    }
  }
  return { triggered: matches.length > 0, matches };
}

/** A model judges a text as a whole, so what it objects to is the whole text. */
function judgedBy(
  scores: readonly Readonly<Record<string, number>>[],
  rule: { texts: readonly ScannedText[]; wanted: ReadonlySet<Category>; threshold: number },
): Finding {
  if (scores.length !== rule.texts.length) {
    throw new Error("The moderation model did not answer for every text.");
  }
  const matches: Match[] = [];
  let highest = 0;
  for (const [at, ofText] of scores.entries()) {
    const found = worstOf(ofText, rule.wanted);
    highest = Math.max(highest, found.score);
    const end = rule.texts[at]?.text.length ?? 0;
    if (end > 0 && found.category !== undefined && found.score >= rule.threshold) {
      matches.push({ at, start: 0, end, kind: found.category });
    }
  }
  return { triggered: matches.length > 0, matches, score: highest };
}

function worstOf(
  scores: Readonly<Record<string, number>>,
  wanted: ReadonlySet<Category>,
): { category?: Category; score: number } {
  let worst: { category?: Category; score: number } = { score: 0 };
  for (const [name, score] of Object.entries(scores)) {
    const category = SERVICE_NAMES[name] ?? SERVICE_NAMES[name.split("/")[0] ?? ""];
    if (category !== undefined && wanted.has(category) && score > worst.score) {
      worst = { category, score };
    }
  }
  return worst;
}
