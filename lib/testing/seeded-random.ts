import { seed } from "./tier.ts";

/**
 * A stream of numbers from 0 up to 1 that the run's seed determines (mulberry32), so that a failure
 * can be had again. `salt` keeps streams apart that must not follow each other.
 */
export function seededRandom(salt = 0): () => number {
  let state = (Math.imul(seed(), 0x9e37_79b1) + Math.imul(salt + 1, 0x85eb_ca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`, both included. */
export function seededWhole(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
