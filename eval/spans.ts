import type { LocalCheck } from "#lib/guardrails/define-rule.ts";
import { checkText } from "#lib/testing/rule-check.ts";
import type { Score, Split } from "./suite.ts";

/** A text with what there is to be found in it. */
export interface SpanCase {
  split: Split;
  text: string;
  spans: readonly { kind: string; start: number; end: number }[];
}

const MARK = /\[\[([a-z0-9_]+):(.*?)\]\]/gs;

/** Reads `Mail [[email:anna@example.com]] today`: the plain text, and where its spans are. */
export function parseMarked(split: Split, marked: string): SpanCase {
  const spans: SpanCase["spans"][number][] = [];
  let text = "";
  let from = 0;
  for (const { index, 0: mark, 1: kind = "", 2: value = "" } of marked.matchAll(MARK)) {
    text += marked.slice(from, index);
    spans.push({ kind, start: text.length, end: text.length + value.length });
    text += value;
    from = index + mark.length;
  }
  return { split, text: text + marked.slice(from), spans };
}

/**
 * Counts by kind. A span is found when one match of its kind covers all of it; a match that touches
 * no span of its kind is wrong.
 */
export function scoreSpans(check: LocalCheck, cases: readonly SpanCase[]): Score[] {
  const scores = new Map<string, Score>();
  const scoreOf = (name: string, split: Split): Score => {
    const key = `${name}/${split}`;
    const score = scores.get(key) ?? { name, split, cases: 0, found: 0, wrong: 0, missed: 0 };
    scores.set(key, score);
    return score;
  };
  for (const { split, text, spans } of cases) {
    const { matches } = checkText(check, text);
    for (const { kind, start, end } of spans) {
      const score = scoreOf(kind, split);
      const isFound = matches.some(
        (match) => match.kind === kind && match.start <= start && match.end >= end,
      );
      score.cases += 1;
      score[isFound ? "found" : "missed"] += 1;
    }
    for (const { kind, start, end } of matches) {
      const isRight = spans.some((one) => one.kind === kind && one.start < end && start < one.end);
      scoreOf(kind, split).wrong += isRight ? 0 : 1;
    }
  }
  return [...scores.values()].sort(
    (left, right) => left.name.localeCompare(right.name) || left.split.localeCompare(right.split),
  );
}

/** Texts in which nothing is to be found: each in which something is counts as one wrong. */
export function scoreBenign(
  name: string,
  isTriggered: (text: string) => boolean,
  cases: readonly { split: Split; text: string }[],
): Score[] {
  return (["dev", "test"] as const).map((split) => {
    const texts = cases.filter((one) => one.split === split);
    const wrong = texts.filter(({ text }) => isTriggered(text)).length;
    return { name, split, cases: texts.length, found: 0, wrong, missed: 0 };
  });
}
