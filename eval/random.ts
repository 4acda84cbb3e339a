/** Random values that are the same in every run. */
export interface Random {
  below(limit: number): number;
  pick<Value>(values: readonly Value[]): Value;
  digits(length: number): string;
  string(alphabet: string, length: number): string;
}

/** Mulberry32: 32 bits of state, good enough to mix values. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const string = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[below(alphabet.length)]).join("");
  return {
    below,
    // The index lies inside of the list.
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    digits: (length) => string("0123456789", length),
    string,
  };
}
