import { INVISIBLE_UNIT, SPACE_UNIT } from "./folded-units.ts";

/** Between two units of a word so many others may stand that a reader does not see. */
const MOST_SKIPPED = 3;

/** The longest stretch of text that a word of this length can take. */
export function stretchOf(length: number): number {
  return length * (MOST_SKIPPED + 1);
}

/** Where a word was found: UTF-16 offsets, `end` exclusive. */
export interface Hit {
  start: number;
  end: number;
}

/**
 * Aho and Corasick's automaton: finds any of many words in one pass, each unit of the text looked at
 * once, however the words overlap. States are numbered; a state's children are a linked list.
 */
export class WordAutomaton {
  readonly #units: Uint16Array;
  readonly #isWhole: (text: string, hit: Hit) => boolean;
  readonly #roots = new Map<number, number>();
  readonly #unit: number[] = [0];
  readonly #child: number[] = [0];
  readonly #sibling: number[] = [0];
  readonly #depth: number[] = [0];
  /** The longest suffix that is the beginning of a word, and the longest that is a word. */
  #fail = new Int32Array(1);
  #word = new Int32Array(1);
  readonly #ends = new Set<number>();

  /** `units` says what each unit counts as, `isWhole` which hits count. */
  constructor(
    words: readonly string[],
    units: Uint16Array,
    isWhole: (text: string, hit: Hit) => boolean,
  ) {
    this.#units = units;
    this.#isWhole = isWhole;
    for (const word of words) {
      this.#add(word);
    }
    this.#link();
  }

  /** The hits in order; where they touch or overlap, one for all of them. */
  find(text: string): Hit[] {
    const hits: Hit[] = [];
    let state = 0;
    let skipped = 0;
    let before = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = this.#units[text.charCodeAt(at)] ?? 0;
      if (isSkipped(unit, before)) {
        skipped += 1;
        state = skipped > MOST_SKIPPED ? 0 : state;
        continue;
      }
      skipped = 0;
      before = unit;
      state = this.#step(state, unit);
      const hit = state === 0 ? undefined : this.#hitAt(text, state, at + 1);
      if (hit !== undefined) {
        push(hits, hit);
      }
    }
    return hits;
  }

  #add(word: string): void {
    let state = 0;
    for (let at = 0; at < word.length; at += 1) {
      const unit = this.#units[word.charCodeAt(at)] ?? 0;
      state = this.#childOf(state, unit) || this.#grow(state, unit);
    }
    if (state !== 0) {
      this.#ends.add(state);
    }
  }

  #grow(parent: number, unit: number): number {
    const state = this.#unit.push(unit) - 1;
    this.#child.push(0);
    this.#sibling.push(this.#child[parent] ?? 0);
    this.#depth.push((this.#depth[parent] ?? 0) + 1);
    this.#child[parent] = state;
    if (parent === 0) {
      this.#roots.set(unit, state);
    }
    return state;
  }

  #childOf(state: number, unit: number): number {
    if (state === 0) {
      return this.#roots.get(unit) ?? 0;
    }
    let child = this.#child[state] ?? 0;
    while (child !== 0 && this.#unit[child] !== unit) {
      child = this.#sibling[child] ?? 0;
    }
    return child;
  }

  /** Breadth first, since a state's links depend on those of shorter ones. */
  #link(): void {
    this.#fail = new Int32Array(this.#unit.length);
    this.#word = new Int32Array(this.#unit.length);
    let level = [...this.#roots.values()];
    while (level.length > 0) {
      level = level.flatMap((state) => this.#linkOne(state));
    }
  }

  /** Links a state and gives its children their suffix. Returns the children. */
  #linkOne(state: number): number[] {
    const fail = this.#fail[state] ?? 0;
    this.#word[state] = this.#ends.has(state) ? state : (this.#word[fail] ?? 0);
    const children: number[] = [];
    for (let child = this.#child[state] ?? 0; child !== 0; child = this.#sibling[child] ?? 0) {
      this.#fail[child] = this.#step(fail, this.#unit[child] ?? 0);
      children.push(child);
    }
    return children;
  }

  #step(from: number, unit: number): number {
    let state = from;
    for (;;) {
      const child = this.#childOf(state, unit);
      if (child !== 0 || state === 0) {
        return child;
      }
      state = this.#fail[state] ?? 0;
    }
  }

  /** The longest word that ends here and counts. */
  #hitAt(text: string, state: number, end: number): Hit | undefined {
    for (let word = this.#word[state] ?? 0; word !== 0; ) {
      const hit = { start: this.#startOf(text, end, this.#depth[word] ?? 0), end };
      if (this.#isWhole(text, hit)) {
        return hit;
      }
      word = this.#word[this.#fail[word] ?? 0] ?? 0;
    }
    return undefined;
  }

  #startOf(text: string, end: number, length: number): number {
    let at = end;
    for (let left = length; left > 0; ) {
      at -= 1;
      const unit = this.#units[text.charCodeAt(at)] ?? 0;
      const before = this.#units[text.charCodeAt(at - 1)] ?? 0;
      left -= isSkipped(unit, before) ? 0 : 1;
    }
    return at;
  }
}

/** A space after a space and what has no width are passed over. */
function isSkipped(unit: number, before: number): boolean {
  return unit === INVISIBLE_UNIT || (unit === SPACE_UNIT && before === SPACE_UNIT);
}

function push(hits: Hit[], hit: Hit): void {
  let last = hits.at(-1);
  let start = hit.start;
  while (last !== undefined && start < last.end) {
    start = Math.min(start, last.start);
    hits.pop();
    last = hits.at(-1);
  }
  hits.push({ start, end: hit.end });
}
