/** A stretch of one text that a label or a placeholder is to stand for. */
export interface Span {
  /** UTF-16 offsets, `end` exclusive. */
  start: number;
  end: number;
  /** What it is, in lower snake case. */
  kind: string;
  /** Whether the caller gets it back; else it is gone for good. */
  isMasked: boolean;
  /** What stands for it instead of a label, where another service said so. */
  replacement?: string | undefined;
}

/**
 * Spans in order and without overlap. Where two meet, one span takes the stretch of both, with the
 * kind of the one that begins first (of the longer, when they begin together). It comes back to the
 * caller only if both would have.
 */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((one, two) => one.start - two.start || two.end - one.end);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end) {
      last.end = Math.max(last.end, span.end);
      last.isMasked &&= span.isMasked;
      // What was written for the one may show a part of the other.
      last.replacement = undefined;
    } else {
      merged.push({ ...span });
    }
  }
  return merged;
}

/** The text with labels in place of its spans, which `mergeSpans` has put in order. */
export function applySpans(
  text: string,
  spans: readonly Span[],
  labelOf: (span: Span, value: string) => string,
): string {
  let written = "";
  let from = 0;
  for (const span of spans) {
    written += text.slice(from, span.start) + labelOf(span, text.slice(span.start, span.end));
    from = span.end;
  }
  return written + text.slice(from);
}

/** The label that stands for what was taken away: `[EMAIL]`. */
export function redactionLabel(kind: string): string {
  return `[${labelName(kind)}]`;
}

/** The name of a kind inside a label or placeholder. */
export function labelName(kind: string): string {
  return kind.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
