import type { Span } from "../spans.ts";

/** PGP keys with subkeys and signatures have some 10,000. A last line further away is not waited for. */
const MOST_UNITS = 16_384;

const BEGIN = /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g;
/** What no key's lines have in them, also not as one line of JSON with its line ends written out. */
const NOT_BODY = /[^A-Za-z0-9+/=\s:,.\\-]|\\(?![nr])/g;

/** Private keys from their first line to their last, or as far as there is any of one. */
export function findPrivateKeys(text: string): Span[] {
  const spans: Span[] = [];
  const nextEnd = endsOf(text);
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin !== null; begin = BEGIN.exec(text)) {
    const start = begin.index + begin[0].length;
    const last = nextEnd(start);
    const end = last - start <= MOST_UNITS ? last : Math.min(last, bodyEnd(text, start));
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

/** Where what could be a key's lines ends, without the white space behind it. */
function bodyEnd(text: string, start: number): number {
  return start + text.slice(start, pastBody(text, start)).trimEnd().length;
}

function pastBody(text: string, start: number): number {
  NOT_BODY.lastIndex = start;
  return NOT_BODY.exec(text)?.index ?? text.length;
}

const FIRST_LINE = "-----BEGIN ";
const FIRST_LINE_UNITS = 64;
const LAST_LINE = "-----END ";
/** The rest of a last line, which may still be on its way. */
const LAST_LINE_UNITS = 64;
const MOST_HELD = FIRST_LINE_UNITS + MOST_UNITS + LAST_LINE_UNITS;

/**
 * Where a private key begins that the text has not all of, or the text's length. Throws for a key
 * that is longer than any that is waited for, and goes on.
 */
export function unfinishedPrivateKey(text: string): number {
  let at = text.indexOf(FIRST_LINE, lastCompleteEnd(text) + 1);
  while (at !== -1) {
    let past = at + FIRST_LINE.length;
    if (text.length - at < FIRST_LINE_UNITS || isBegin(text, at)) {
      if (text.length - at <= MOST_HELD) {
        return at;
      }
      past = pastBody(text, past);
      if (past === text.length) {
        throw new Error("A private key is longer than any that is waited for.");
      }
    }
    at = text.indexOf(FIRST_LINE, past);
  }
  return text.length;
}

function isBegin(text: string, at: number): boolean {
  return text.slice(at, at + FIRST_LINE_UNITS).search(BEGIN) === 0;
}

/** Where the last line begins that ends a key and has come as a whole, or -1. */
function lastCompleteEnd(text: string): number {
  let at = text.lastIndexOf(LAST_LINE, text.length - LAST_LINE_UNITS);
  while (at > 0 && text.slice(at, at + LAST_LINE_UNITS).search(END) !== 0) {
    at = text.lastIndexOf(LAST_LINE, at - 1);
  }
  return at;
}
