import type { ScannedText } from "./define-rule.ts";
import { type JsonLiteral, readLiterals, writeLiteral } from "./json-literals.ts";

/** One literal of a JSON text, and how it is changed. */
interface LiteralSlot extends ScannedText {
  replace(text: string): void;
}

/** The arguments of a tool's call: JSON whose literals are read and replaced one by one. */
export class JsonText {
  readonly #source: string;
  readonly #write: (text: string) => void;
  readonly #literals: { at: JsonLiteral; written: string | null }[];

  #isDirty = false;

  /** `write` is given the whole text by `flush`, when a literal was replaced. */
  constructor(source: string, write: (text: string) => void) {
    this.#source = source;
    this.#write = write;
    this.#literals = readLiterals(source).map((at) => ({ at, written: null }));
  }

  slots(pathOf: () => string): LiteralSlot[] {
    return this.#literals.map((literal) => {
      const slot: LiteralSlot = {
        origin: "tool_call",
        text: literal.at.text,
        get path() {
          return pathOf();
        },
        replace: (text) => {
          slot.text = text;
          literal.written = writeLiteral(this.#source, literal.at, text);
          this.#isDirty = true;
        },
      };
      return slot;
    });
  }

  flush(): void {
    if (this.#isDirty) {
      this.#isDirty = false;
      this.#write(this.#render());
    }
  }

  #render(): string {
    let text = "";
    let from = 0;
    for (const { at, written } of this.#literals) {
      if (written !== null) {
        text += this.#source.slice(from, at.start) + written;
        from = at.end;
      }
    }
    return text + this.#source.slice(from);
  }
}
