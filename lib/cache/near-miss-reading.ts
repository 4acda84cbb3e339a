import { keyOf, plainText, spelling } from "./near-miss-text.ts";
import {
  DIRECTIONS,
  FILLERS,
  type Guard,
  KINDS,
  LINKS,
  NUMBERS,
  OPENERS,
  OWNERS,
  QUESTION_WORDS,
} from "./near-miss-words.ts";

/** What stands between a word and the one that counts before it. */
export type Gap =
  /** Nothing, or the 's of a possessive. */
  | "joined"
  /** A preposition such as `of`, alone or with an article. */
  | "linked"
  | "apart";

/** A word that counts, in the one form that all its forms are compared in. */
export interface Word {
  key: string;
  /** What a difference in it is called. */
  kind: Guard;
  gap: Gap;
}

/** What a question says, without how it says it. */
export interface Reading {
  text: string;
  words: readonly Word[];
  /** Words that ask for different things: `how`, `why`; `whether` or `can` for yes-or-no questions. */
  asked: ReadonlySet<string>;
  /** `past`, `future` and `passive`, as its small verbs tell. */
  forms: ReadonlySet<string>;
  /** `1` for each "I" and "me", `2` for each "you". */
  speakers: string;
  /** Whose things it is about: `mine`, `yours`. */
  owners: ReadonlySet<string>;
  /** Where words go to or come from. */
  directions: ReadonlyMap<string, string>;
}

/** Punctuation that calculates or stands for itself; a sentence that is only punctuated has none. */
const MARK = new RegExp(
  `(?<mark>${[
    /[()[\]{}]/u,
    // Minus. Beside a word of two letters it is a hyphen, as in `COVID-19` and `10-year`.
    /(?<!\S)[-–](?!\S)|(?<!\p{L}{2})[-–](?!\p{L}{2})/u,
    // A factorial, a derivative, feet and inches.
    /(?<=[\p{N})\]}]|(?<!\p{L})\p{L})(?:!|['"](?!\p{L}))/u,
    // `.5`, `.*`, `a?b`, and `??` between two words.
    /[.,;:!?](?=[^\s"'.,;:!?…])|(?<!\S)[.,;:!?]+(?=\s+\S)/u,
  ]
    .map(({ source }) => source)
    .join("|")})`,
  "u",
);

const TOKEN = new RegExp(
  [
    /(?<code>`[^`]*`|"[^"]*"|(?:https?:\/\/|www\.)\S+|(?<!\S)--?\p{L}[\p{L}\p{N}-]*|\p{L}[\p{L}\p{N}]*(?:[._:/\\@][\p{L}\p{N}_]+)+|\p{Ll}{2,}\p{Lu}[\p{L}\p{N}]*)/u,
    /(?<number>(?<![\p{L}\p{N}])(?:(?<!\S)[-−+])?\p{N}+(?:[.,:/-]\p{N}+)*(?:st|nd|rd|th)?)/u,
    /(?<word>\p{L}[\p{L}\p{N}\p{M}]*[+#]*)/u,
    MARK,
    /(?<owner>'s?)/u,
    /(?<end>[.,;:!?…](?=\s|$)|\n)/u,
    /(?<symbol>!?[^\s\p{L}\p{N}.,;:!?'"()[\]{}…–—-]+)/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

/** Reads a question. Takes a few dozen microseconds for a sentence. */
export function readQuestion(text: string): Reading {
  const reader = new Reader(text.trim());
  for (const token of plainText(text).matchAll(TOKEN)) {
    reader.take(token.groups ?? {});
  }
  return reader;
}

/** Puts a reading together, token by token. */
class Reader implements Reading {
  readonly text: string;
  readonly words: Word[] = [];
  readonly asked = new Set<string>();
  readonly forms = new Set<string>();
  readonly owners = new Set<string>();
  readonly directions = new Map<string, string>();
  #gap: Gap = "apart";
  #direction: string | undefined;
  speakers = "";
  #isFirst = true;
  #isPassive = false;
  #afterNumber = false;

  constructor(text: string) {
    this.text = text;
  }

  take(token: Readonly<Record<string, string | undefined>>): void {
    const { number, word, end } = token;
    const code = token["code"] ?? token["mark"] ?? token["symbol"];
    if (code !== undefined) {
      this.#add(`=${code}`, "code");
    } else if (number !== undefined) {
      this.#add(`#${number.replace("−", "-").replace(/(?<=\d),(?=\d{3})/g, "")}`, "number");
      this.#afterNumber = true;
    } else if (word !== undefined) {
      this.#takeWord(word);
    } else if (end !== undefined) {
      this.#gap = "apart";
      this.#isFirst = end !== ",";
    }
  }

  #takeWord(word: string): void {
    const lower = spelling(word.toLowerCase());
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst && OPENERS.has(lower)) {
      this.asked.add(lower === "can" || lower === "could" ? "can" : "whether");
    }
    if (isProper(word, lower, isFirst)) {
      this.#add(word, "name");
    } else if (QUESTION_WORDS.has(lower)) {
      this.asked.add(lower);
      this.#gap = "apart";
    } else if (!this.#pass(lower)) {
      this.#addWord(word, lower, isFirst);
    }
  }

  /** Whether the word stands for nothing itself; what it does to the words around it is noted. */
  #pass(lower: string): boolean {
    const owner = OWNERS.get(lower);
    if (owner !== undefined) {
      this.owners.add(owner);
      return true;
    }
    if (!FILLERS.has(lower)) {
      return false;
    }
    this.#noteForm(lower);
    this.#direction = DIRECTIONS.get(lower) ?? this.#direction;
    if (LINKS.has(lower)) {
      this.#gap = this.#gap === "joined" ? "linked" : "apart";
    } else if (!ARTICLES.has(lower)) {
      this.#gap = "apart";
    }
    return true;
  }

  #noteForm(lower: string): void {
    const form = FORMS.get(lower);
    if (form !== undefined) {
      this.forms.add(form);
    }
    this.#isPassive ||= BE.has(lower);
    this.speakers += SPEAKERS.get(lower) ?? "";
  }

  #addWord(word: string, lower: string, isFirst: boolean): void {
    const number = NUMBERS.get(lower);
    if (number !== undefined) {
      this.#add(`#${number}`, "number");
      this.#afterNumber = true;
      return;
    }
    if (this.#isPassive && lower.endsWith("ed")) {
      this.forms.add("passive");
    }
    const key = keyOf(lower);
    const isUnit = this.#afterNumber && word.length <= 3;
    const isName = !isFirst && /^\p{Lu}/u.test(word);
    const kind = KINDS.get(lower) ?? KINDS.get(key) ?? (isName ? "name" : "word");
    // `5 mW` is not `5 MW`.
    this.#add(isUnit ? word : key, isUnit ? "unit" : kind);
  }

  #add(key: string, kind: Guard): void {
    this.words.push({ key, kind, gap: this.#gap });
    if (this.#direction !== undefined) {
      this.directions.set(key, this.#direction);
    }
    this.#direction = undefined;
    this.#gap = "joined";
    this.#isFirst = false;
    this.#afterNumber = false;
  }
}

/** A small word that is spelled as a name: the US, Will, plan A. */
function isProper(word: string, lower: string, isFirst: boolean): boolean {
  const isSmall = FILLERS.has(lower) || QUESTION_WORDS.has(lower) || OWNERS.has(lower);
  const isNamed = isFirst ? /^\p{Lu}{2,}$/u.test(word) : /^\p{Lu}/u.test(word) && word !== "I";
  return isSmall && isNamed;
}

const ARTICLES = new Set(["a", "an", "the"]);
const BE = new Set(["am", "is", "are", "was", "were", "be", "been", "being"]);
const FORMS = new Map([
  ["did", "past"],
  ["was", "past"],
  ["were", "past"],
  ["had", "past"],
  ["will", "future"],
  ["shall", "future"],
]);
const SPEAKERS = new Map([
  ["i", "1"],
  ["me", "1"],
  ["we", "1"],
  ["us", "1"],
  ["you", "2"],
]);
