/** Chance that repeats: the same seed gives the same numbers on every machine. */
export interface Chance {
  /** At least 0 and less than 1. */
  next(): number;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** Log-normal: half of the numbers lie below `median`; `spread` around 0.5 gives a long tail. */
  around(median: number, spread: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** One of the items, each as likely as its weight. */
  weighted<Item>(items: readonly (readonly [Item, number])[]): Item;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for a demonstration. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    happens: (probability) => next() < probability,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    around: (median, spread) => median * Math.exp(spread * normal(next)),
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    weighted: (items) => weighted(items, next),
  };
}

/** Box and Muller's transform of two even draws to one normal one. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

function weighted<Item>(items: readonly (readonly [Item, number])[], next: () => number): Item {
  let rest = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of items) {
    rest -= weight;
    if (rest < 0) {
      return item;
    }
  }
  const last = items.at(-1);
  if (last === undefined) {
    throw new Error("There is nothing to choose from.");
  }
  return last[0];
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** A UUIDv7 whose random bits come from the seed, so that a seeded row is the same row again. */
export function demoId(chance: Chance, atMs: number): string {
  const time = hex(atMs, 12);
  const draw = (most: number): number => Math.floor(chance.next() * most);
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${hex(draw(0x1000), 3)}` +
    `-${hex(0x8000 + draw(0x4000), 4)}-${hex(draw(0x1000000), 6)}${hex(draw(0x1000000), 6)}`
  );
}
