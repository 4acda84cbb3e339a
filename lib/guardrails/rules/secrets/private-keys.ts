import type { Span } from "../spans.ts";

/** An RSA key of 4,096 bits in the longest of its usual forms, with its two lines. */
export const PRIVATE_KEY_WINDOW = 4_096;

const BEGIN = /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g;
/** What a key's lines consist of, also as one line of JSON with its line ends written out. */
const BODY = /(?:[A-Za-z0-9+/=\s:,.-]|\\[nr])*/y;
const MOST_UNITS = 16_384;

/** Private keys from their first line to their last, or as far as there is any of one. */
export function findPrivateKeys(text: string): Span[] {
  const spans: Span[] = [];
  const nextEnd = endsOf(text);
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin !== null; begin = BEGIN.exec(text)) {
    const start = begin.index + begin[0].length;
    const last = nextEnd(start);
    const end = last - start <= MOST_UNITS ? last : start + bodyAt(text, start);
    spans.push({ start: begin.index, end, kind: "private_key" });
    BEGIN.lastIndex = end;
  }
  return spans;
}

/** Where the first last line at or after an offset ends; asked with rising offsets, it reads once. */
function endsOf(text: string): (start: number) => number {
  let from = -1;
  let end = -1;
  return (start) => {
    if (from < start) {
      END.lastIndex = start;
      const found = END.exec(text);
      from = found?.index ?? Number.POSITIVE_INFINITY;
      end = found === null ? Number.POSITIVE_INFINITY : END.lastIndex;
    }
    return end;
  };
}

function bodyAt(text: string, start: number): number {
  BODY.lastIndex = 0;
  return BODY.exec(text.slice(start, start + MOST_UNITS))?.[0].trimEnd().length ?? 0;
}
