import type { Pattern } from "./pattern.ts";

/** A pattern that the engine of the language runs in bounded time, and the longest of its matches. */
export interface SimplePattern {
  expression: RegExp;
  /** In UTF-16 units. */
  longest: number;
}

/**
 * The most characters that may be compared for one place of a text. Real texts compare one or two; one
 * of 100 kB that is made of near misses alone then takes some 20 ms.
 */
const MOST_COMPARED = 160;

/** A literal, an escaped sign, a digit or word character, or a class of these; nothing that nests. */
const ATOM =
  /[A-Za-z0-9 _:@#%&=,;<>~`'"!/-]|\\[dw]|\\[-.+*?()[\]{}|^$\\/]|\[(?:\\[dw.-]|[A-Za-z0-9_ .:@#-])+\]/y;
const EDGE = /\\b/y;
const COUNT = /(?:\{(\d{1,2})(?:,(\d{1,2}))?\}|\?)(?![?+*{])/y;
/** With these the two engines do not mean the same by ignoring case. */
const WORDS = /\\[wb]/;

interface Part {
  longest: number;
  compared: number;
}

/**
 * Most patterns of organisations are as plain as `PROJ-\d{4,6}`: a few characters, each at most so
 * often. They need no other thread, and a stream is held back by their length only. `undefined` for
 * a pattern with anything more to it, which both engines need not run alike or as fast.
 */
export function simplePattern({ pattern, ignoreCase }: Pattern): SimplePattern | undefined {
  const parts = pattern.split(/(?<!\\)\|/).map(readPart);
  if (parts.includes(undefined) || (ignoreCase && WORDS.test(pattern))) {
    return undefined;
  }
  const known = parts.filter((part) => part !== undefined);
  const compared = known.reduce((sum, part) => sum + part.compared, 0);
  if (compared > MOST_COMPARED) {
    return undefined;
  }
  const expression = expressionOf(pattern, ignoreCase);
  return expression && { expression, longest: Math.max(...known.map((part) => part.longest)) };
}

function expressionOf(pattern: string, ignoreCase: boolean): RegExp | undefined {
  try {
    // Case is folded as RE2 does it only with `u`, which knows fewer escapes.
    return new RegExp(pattern, ignoreCase ? "giu" : "g");
  } catch {
    return undefined;
  }
}

/** One alternative: how long its matches are, and how much is compared before it is given up. */
function readPart(part: string): Part | undefined {
  let longest = 0;
  let ways = 1;
  for (let at = 0; at < part.length; ) {
    const edge = lengthAt(EDGE, part, at);
    const atom = lengthAt(ATOM, part, at);
    if (edge > 0 && atom === 0) {
      at += edge;
      continue;
    }
    if (atom === 0) {
      return undefined;
    }
    at += atom;
    const { fewest, most, length } = countAt(part, at);
    at += length;
    // Each length of a varying part tries all that comes after it once more.
    ways *= most - fewest + 1;
    longest += most;
  }
  return longest === 0 ? undefined : { longest, compared: longest * ways };
}

function lengthAt(form: RegExp, text: string, at: number): number {
  form.lastIndex = at;
  return form.exec(text)?.[0].length ?? 0;
}

function countAt(part: string, at: number) {
  COUNT.lastIndex = at;
  const count = COUNT.exec(part);
  if (count === null) {
    return { fewest: 1, most: 1, length: 0 };
  }
  if (count[0] === "?") {
    return { fewest: 0, most: 1, length: 1 };
  }
  const fewest = Number(count[1]);
  return { fewest, most: Number(count[2] ?? fewest), length: count[0].length };
}
