import { seededRandom } from "./seeded-random.ts";

/** Chance with a seed: the same one gives the same throws everywhere. */
export interface Dice {
  /** A number from 0 up to but without 1. */
  next: () => number;
  /** A whole number from 0 up to but without `below`. */
  below: (below: number) => number;
  pick: <T>(values: readonly T[]) => T;
  bytes: (length: number) => Buffer;
}

/** Dice of the run's seed; `salt` keeps those apart that must not follow each other. */
export function makeDice(salt = 0): Dice {
  const next = seededRandom(salt);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined && values.length === 0) {
        throw new RangeError("There is nothing to pick from.");
      }
      // An index below the length is there.
      return value as (typeof values)[number];
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}

/** What tends to break parsers, put where it does not belong. */
const SPLINTERS = [
  "\0",
  "\r",
  "\n",
  "\r\n\r\n",
  "\n\n",
  ":",
  "data:",
  "data: {",
  "event: error\n",
  "[DONE]",
  "{}",
  "[[[[",
  "null",
  "-1",
  "1e999",
  "NaN",
  '"\\ud800"',
  "\\u0000",
  "}",
  '"',
  ",",
  "true",
  '{"__proto__":{"polluted":1}}',
  "\ufeff",
  "ÿþ",
  "💥",
].map((text) => Buffer.from(text, "utf8"));

/**
 * Bends bytes in one to four places: drops, doubles, swaps or flips some, or puts something in that
 * tends to break parsers.
 */
export function bend(bytes: Buffer, dice: Dice): Buffer {
  let bent = bytes;
  for (let times = 1 + dice.below(4); times > 0; times -= 1) {
    bent = bendOnce(bent, dice);
  }
  return bent;
}

function bendOnce(bytes: Buffer, dice: Dice): Buffer {
  const at = dice.below(bytes.length + 1);
  const length = dice.below(Math.min(64, bytes.length - at + 1));
  const before = bytes.subarray(0, at);
  const piece = bytes.subarray(at, at + length);
  const after = bytes.subarray(at + length);
  switch (dice.below(7)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, piece, piece, after]);
    case 2:
      return Buffer.concat([before, dice.bytes(1 + dice.below(8)), after]);
    case 3:
      return Buffer.concat([before, dice.pick(SPLINTERS), piece, after]);
    case 4:
      return Buffer.from(before);
    case 5:
      return Buffer.concat([before, after, piece]);
    default: {
      const flipped = Buffer.from(bytes);
      const bit = dice.below(Math.max(1, bytes.length * 8));
      if (flipped.length > 0) {
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
      return flipped;
    }
  }
}

/** Cuts bytes into up to six reads, anywhere, also inside a character; some are empty. */
export function cutAnywhere(bytes: Buffer, dice: Dice): Buffer[] {
  const cuts = Array.from({ length: dice.below(6) }, () => dice.below(bytes.length + 1));
  const places = [0, ...cuts.sort((left, right) => left - right), bytes.length];
  return places.slice(1).map((end, at) => bytes.subarray(places[at], end));
}
