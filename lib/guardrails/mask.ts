import type { ScannedText } from "./define-rule.ts";
import { labelName } from "./spans.ts";

/** A placeholder as `Masks` writes it; numbers are what tells one value from the next. */
const PLACEHOLDER = /\[[A-Z0-9_]+_\d+\]/g;
/** What could be the beginning of a placeholder, at the end of a text. */
const BEGINNING = /\[[A-Z0-9_]*$/;
const MAX_PLACEHOLDER = 64;

/**
 * The placeholders of one request: the same value gets the same one wherever it stands, and none
 * looks like anything that the request says itself.
 */
export class Masks {
  readonly #byValue = new Map<string, string>();
  readonly #originals = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #taken: ReadonlySet<string> = new Set();
  #hasRead = false;

  get isEmpty(): boolean {
    return this.#originals.size === 0;
  }

  /** Reads which placeholders stand in a request already; done once, before the first is made. */
  avoid(texts: readonly ScannedText[]): void {
    if (this.#hasRead) {
      return;
    }
    this.#hasRead = true;
    this.#taken = new Set(texts.flatMap(({ text }) => text.match(PLACEHOLDER) ?? []));
  }

  /** The placeholder that stands for a value of some kind. */
  placeholderOf(kind: string, value: string): string {
    const name = labelName(kind).slice(0, MAX_PLACEHOLDER - 16);
    const key = `${name} ${value}`;
    const known = this.#byValue.get(key);
    if (known !== undefined) {
      return known;
    }
    let placeholder: string;
    do {
      const count = (this.#counts.get(name) ?? 0) + 1;
      this.#counts.set(name, count);
      placeholder = `[${name}_${count}]`;
    } while (this.#taken.has(placeholder));
    this.#byValue.set(key, placeholder);
    this.#originals.set(placeholder, value);
    return placeholder;
  }

  /** The text with the originals in place of their placeholders; escaped where it is JSON. */
  restore(text: string, isJson: boolean): string {
    if (!text.includes("[")) {
      return text;
    }
    return text.replace(PLACEHOLDER, (placeholder) => {
      const original = this.#originals.get(placeholder);
      if (original === undefined) {
        return placeholder;
      }
      return isJson ? JSON.stringify(original).slice(1, -1) : original;
    });
  }

  /** How much of a text's end could be the beginning of a placeholder. */
  unsureLength(text: string): number {
    const found = BEGINNING.exec(text.slice(-MAX_PLACEHOLDER));
    return found === null ? 0 : found[0].length;
  }
}
