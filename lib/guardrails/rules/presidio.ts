import { z } from "zod";
import {
  defineRule,
  type Finding,
  type Match,
  type RemoteContext,
  type ScannedText,
} from "../define-rule.ts";
import { anonymize, OPERATORS } from "./presidio/anonymize.ts";
import { type Entity, separate } from "./presidio/entities.ts";
import { askService, callOf, openOffsets, serviceUrl } from "./service.ts";

const config = z.strictObject({
  analyzer_url: serviceUrl.meta({
    title: "Analyzer",
    description: "The address of presidio-analyzer, without /analyze.",
  }),
  anonymizer_url: serviceUrl.optional().meta({
    title: "Anonymizer",
    description:
      "The address of presidio-anonymizer, without /anonymize. When set, redactions put what it writes in place of what was found, and a label otherwise.",
  }),
  operator: z.enum(OPERATORS).default("replace").meta({
    title: "Anonymizer operator",
    description: "What the anonymizer does with what was found.",
  }),
  language: z
    .string()
    .regex(/^[a-z]{2}$/, "has to be a code of two letters")
    .default("en")
    .meta({
      title: "Language",
      description: "A language that the analyzer has a model for.",
    }),
  entities: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/, "has to be a name like PERSON"))
    .max(100)
    .default([])
    .meta({
      title: "Entities",
      description: "What to look for, as PERSON or LOCATION; everything it knows when empty.",
    }),
  score_threshold: z.number().min(0).max(1).default(0.5).meta({
    title: "Threshold",
    description: "How sure, from 0 to 1, the analyzer has to be.",
  }),
});
type Config = z.infer<typeof config>;

const analysis = z
  .array(
    z.object({
      entity_type: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/),
      start: z.int().min(0),
      end: z.int().min(1),
      score: z.number().min(0).max(1),
    }),
  )
  .max(100_000);

/** Texts that are asked about at the same time. */
const PARALLEL = 4;

/** Finds personal data with Microsoft Presidio, which also knows names and places. */
export const presidio = defineRule({
  type: "presidio",
  label: "Presidio",
  description: "Finds personal data, names and addresses among it, with your Presidio servers.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  secret: { label: "Bearer token for both services", required: false },
  compile: (rule) => ({
    kind: "remote",
    async check(texts, context) {
      const matches: Match[] = [];
      const score = { highest: 0 };
      const left = texts.entries();
      await Promise.all(
        Array.from({ length: PARALLEL }, async () => {
          for (const [at, text] of left) {
            const found = await findIn(text, rule, context);
            score.highest = Math.max(score.highest, found.score);
            matches.push(...found.matches.map((match) => ({ ...match, at })));
          }
        }),
      );
      return findingOf(matches, score.highest);
    },
  }),
});

function findingOf(matches: readonly Match[], score: number): Finding {
  const sorted = matches.toSorted((left, right) => left.at - right.at || left.start - right.start);
  return { triggered: sorted.length > 0, matches: sorted, score };
}

async function findIn(
  { text }: ScannedText,
  rule: Config,
  context: RemoteContext,
): Promise<{ matches: Match[]; score: number }> {
  const token = context.secret?.reveal();
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  const found = await analyze(text, { rule, headers, context });
  if (found.length === 0) {
    return { matches: [], score: 0 };
  }
  const entities = separate(found, text);
  const replacements =
    rule.anonymizer_url === undefined
      ? undefined
      : await anonymize(
          { url: rule.anonymizer_url, headers, operator: rule.operator, text, entities },
          context,
        );
  const offset = openOffsets(text);
  return {
    score: Math.max(...entities.map(({ score }) => score)),
    matches: entities.map((entity, index) => ({
      at: 0,
      start: offset(entity.start),
      end: offset(entity.end),
      kind: entity.type.toLowerCase(),
      ...(replacements === undefined ? {} : { replacement: replacements[index] ?? "" }),
    })),
  };
}

async function analyze(
  text: string,
  asked: {
    rule: Config;
    headers: Readonly<Record<string, string>> | undefined;
    context: RemoteContext;
  },
): Promise<Entity[]> {
  const { rule, headers, context } = asked;
  const { language, entities, score_threshold } = rule;
  const body = JSON.stringify({
    text,
    language,
    score_threshold,
    ...(entities.length === 0 ? {} : { entities }),
  });
  const found = await askService(
    {
      name: "Presidio's analyzer",
      url: callOf(rule.analyzer_url, "analyze"),
      ...(headers === undefined ? {} : { headers }),
      body,
      schema: analysis,
    },
    context,
  );
  const length = [...text].length;
  if (found.some(({ start, end }) => start >= end || end > length)) {
    throw new Error("Presidio's analyzer named places that are not in the text.");
  }
  return found
    .filter(({ score }) => score >= score_threshold)
    .map(({ entity_type: type, start, end, score }) => ({ type, start, end, score }));
}
