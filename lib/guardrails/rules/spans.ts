import type { Finding, Match, ScannedText } from "../define-rule.ts";

/** A span of one text, with what it is. */
export interface Span {
  start: number;
  end: number;
  kind: string;
}

/**
 * The spans in order, without overlaps. Where two overlap, the one that came first in the list gives
 * the kind, and what is left is as long as both together: nothing of either stays behind.
 */
export function withoutOverlaps(spans: readonly Span[]): Span[] {
  if (spans.length < 2) {
    return [...spans];
  }
  const ranked = spans.map((span, rank) => ({ ...span, rank }));
  ranked.sort((left, right) => left.start - right.start || left.rank - right.rank);
  const kept: typeof ranked = [];
  for (const span of ranked) {
    const last = kept.at(-1);
    if (last === undefined || span.start >= last.end) {
      kept.push(span);
      continue;
    }
    last.end = Math.max(last.end, span.end);
    if (span.rank < last.rank) {
      last.rank = span.rank;
      last.kind = span.kind;
    }
  }
  return kept.map(({ start, end, kind }) => ({ start, end, kind }));
}

/** What a rule that finds spans says of texts: triggered as soon as there is one. */
export function findingOf(
  texts: readonly ScannedText[],
  find: (text: string) => readonly Span[],
): Finding {
  const matches: Match[] = [];
  texts.forEach(({ text }, at) => {
    for (const { start, end, kind } of find(text)) {
      matches.push({ at, start, end, kind });
    }
  });
  return { triggered: matches.length > 0, matches };
}
