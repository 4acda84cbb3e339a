/**
 * A run of Latin letters and digits that has a digit, or that is one or two capitals. Numbers of
 * people are written as a few of these with single separators in between.
 */
export interface Group {
  start: number;
  end: number;
  shape: Shape;
}

/**
 * The runs of a group with their lengths, `l2d6l1` for AB123456C, as a number: a run is a digit of
 * it to the base of 64. 0 for what no number of people looks like.
 */
export type Shape = number;

const LETTER = 1;
const CAPITAL = 2;
const DIGIT = 3;
const HAS_DIGIT = 1 << DIGIT;
const HAS_CAPITALS_ONLY = 1 << CAPITAL;
const HAS_DIGITS_ONLY = 1 << DIGIT;
const MOST_RUNS = 7;
const MOST_CAPITALS = 2;
const LAST_LATIN = 0x2_50;
const KINDS = makeKinds();

function makeKinds(): Uint8Array {
  // One for every unit: a look past the end of a typed array costs more than all of them hold.
  const kinds = new Uint8Array(0x1_00_00);
  for (let code = 0; code < LAST_LATIN; code += 1) {
    if (code >= 48 && code <= 57) {
      kinds[code] = DIGIT;
    } else if (code >= 65 && code <= 90) {
      kinds[code] = CAPITAL;
    } else if ((code >= 97 && code <= 122) || (code >= 0xc0 && code !== 0xd7 && code !== 0xf7)) {
      kinds[code] = LETTER;
    }
  }
  return kinds;
}

function kindAt(text: string, at: number): number {
  return KINDS[text.charCodeAt(at)] ?? 0;
}

/** Whether a Latin letter or a digit stands at this offset. */
export function isWordAt(text: string, at: number): boolean {
  return kindAt(text, at) !== 0;
}

/** Whether a plain digit stands at this offset. */
export function isDigitAt(text: string, at: number): boolean {
  return kindAt(text, at) === DIGIT;
}

const BASE = 64;
const LONGEST_RUN = 31;
const DIGITS = 32;

/** All groups of a text, in one pass over it. */
export function findGroups(text: string): Group[] {
  const groups: Group[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    let seen = 0;
    for (let kind = kindAt(text, at); kind !== 0; kind = kindAt(text, at)) {
      seen |= 1 << kind;
      at += 1;
    }
    if ((seen & HAS_DIGIT) !== 0 || (seen === HAS_CAPITALS_ONLY && at - start <= MOST_CAPITALS)) {
      const shape = seen === HAS_DIGITS_ONLY ? runOf(true, at - start) : shapeOf(text, start, at);
      groups.push({ start, end: at, shape });
    }
    at = at === start ? at + 1 : at;
  }
  return groups;
}

function shapeOf(text: string, start: number, end: number): Shape {
  let shape = 0;
  let at = start;
  for (let runs = 0; at < end; runs += 1) {
    const from = at;
    const isDigit = kindAt(text, at) === DIGIT;
    while (at < end && (kindAt(text, at) === DIGIT) === isDigit) {
      at += 1;
    }
    const run = runOf(isDigit, at - from);
    if (runs === MOST_RUNS || run === 0) {
      return 0;
    }
    shape = shape * BASE + run;
  }
  return shape;
}

function runOf(isDigit: boolean, length: number): Shape {
  return length > LONGEST_RUN ? 0 : (isDigit ? DIGITS : 0) + length;
}

/** The shape that is written as `l2d6l1`. */
export function parseShape(written: string): Shape {
  let shape = 0;
  for (const { 1: kind, 2: length } of written.matchAll(/([ld])(\d+)/g)) {
    shape = shape * BASE + runOf(kind === "d", Number(length));
  }
  return shape;
}

/**
 * Whether a span is a part of something longer: of a UUID, a part number, a decimal fraction. What
 * begins or ends inside of a longer word is none of the numbers that stand for people.
 */
export function isPartOfLonger(text: string, start: number, end: number): boolean {
  return joinsBefore(text, start - 1) || joinsAfter(text, end);
}

function joinsBefore(text: string, at: number): boolean {
  const unit = text[at];
  if (unit === "-" || unit === ".") {
    return isWordAt(text, at - 1);
  }
  return unit === "_" || unit === "%" || isWordAt(text, at);
}

function joinsAfter(text: string, at: number): boolean {
  const unit = text[at];
  if (unit === "-") {
    return isWordAt(text, at + 1);
  }
  return (
    unit === "_" ||
    isWordAt(text, at) ||
    ((unit === "." || unit === ",") && isDigitAt(text, at + 1))
  );
}
