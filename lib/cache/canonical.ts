/**
 * JSON in one form, whatever the order in which an object's fields came: the same value gives the
 * same text. `undefined` for a value whose text would pass `maxChars`; it is noticed on the way, so
 * that a huge value costs no more than a large one. Takes what `JSON.parse` gives.
 */
export function canonicalJson(value: unknown, maxChars: number): string | undefined {
  const text = new Text(maxChars);
  text.add(value);
  return text.isTooLong ? undefined : text.parts;
}

class Text {
  parts = "";
  readonly #maxChars: number;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  get isTooLong(): boolean {
    return this.parts.length > this.#maxChars;
  }

  add(value: unknown): void {
    if (this.isTooLong) {
      return;
    }
    if (typeof value !== "object" || value === null) {
      this.#addPlain(value);
    } else if (Array.isArray(value)) {
      this.#addList(value);
    } else {
      this.#addObject(value as Readonly<Record<string, unknown>>);
    }
  }

  #addPlain(value: unknown): void {
    // A string this long is not worth escaping to find out.
    const isLong = typeof value === "string" && value.length > this.#maxChars;
    this.parts += isLong ? value : (JSON.stringify(value) ?? "null");
  }

  #addList(list: readonly unknown[]): void {
    let between = "[";
    for (const item of list) {
      this.parts += between;
      between = ",";
      this.add(item);
      if (this.isTooLong) {
        return;
      }
    }
    this.parts += list.length === 0 ? "[]" : "]";
  }

  #addObject(object: Readonly<Record<string, unknown>>): void {
    let between = "";
    this.parts += "{";
    for (const name of Object.keys(object).sort()) {
      if (object[name] !== undefined) {
        this.parts += `${between}${JSON.stringify(name)}:`;
        between = ",";
        this.add(object[name]);
      }
    }
    this.parts += "}";
  }
}
