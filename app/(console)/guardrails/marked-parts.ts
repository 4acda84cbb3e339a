import type { TestText } from "#lib/contract/guardrail-test.ts";

/** A stretch of a text; `kind` says what was found there, by which rule. */
export interface MarkedPart {
  text: string;
  kind: string | null;
}

/** A text cut where spans begin and end. What two spans share belongs to the one that begins first. */
export function markedParts(text: string, spans: TestText["spans"]): MarkedPart[] {
  const parts: MarkedPart[] = [];
  let from = 0;
  for (const { start, end, kind, rule } of spans.toSorted((a, b) => a.start - b.start)) {
    const begin = Math.max(start, from);
    if (end <= begin) {
      continue;
    }
    if (begin > from) {
      parts.push({ text: text.slice(from, begin), kind: null });
    }
    parts.push({ text: text.slice(begin, end), kind: `${kind} (${rule})` });
    from = end;
  }
  return from < text.length ? [...parts, { text: text.slice(from), kind: null }] : parts;
}
