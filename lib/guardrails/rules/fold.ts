/** A text as a reader sees it: lower case, plain letters, nothing invisible. */
export interface FoldedText {
  text: string;
  /** Where the character at `offset` of the folded text began in the original (UTF-16 units). */
  origin(offset: number): number;
  /** Characters that no reader sees, between letters. */
  invisible: number;
  /** Text written in Unicode's tag characters, which are drawn as nothing. */
  hidden: string;
  /** Letters of another script that look like Latin ones, in words that have Latin ones too. */
  lookalikes: number;
}

const NOT_ASCII = /[\u0080-\uffff]/;
const FIRST_TAG = 0xe0000;
const LAST_TAG = 0xe007f;
/** Regional flags are written in tag characters behind a black flag. */
const BLACK_FLAG = 0x1f3f4;
const CANCEL_TAG = 0xe007f;
/** One letter may not become a sentence, as a few ligatures do. */
const MAX_EXPANSION = 4;

/** Ranges of code points that are drawn as nothing: joiners, direction marks, fillers, selectors. */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xe0100, 0xe01ef],
];
const MARK = /\p{M}/gu;

/** Letters that are drawn as Latin ones, by what they look like: Cyrillic, Greek and a few others. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "аɑα",
    b: "ЬВвβ",
    c: "сϲ",
    d: "ԁ",
    e: "еєε",
    g: "ɡց",
    h: "һНнհ",
    i: "іιɩıӏ",
    j: "јϳ",
    k: "кκ",
    l: "ⅼǀ",
    m: "мϻ",
    n: "пηռ",
    o: "оοσօ",
    p: "рρ",
    q: "ԛգ",
    r: "гᴦ",
    s: "ѕꜱ",
    t: "тτ",
    u: "υսᴜ",
    v: "νѵᴠ",
    w: "ԝωѡᴡ",
    x: "хχ",
    y: "уγү",
    z: "ᴢ",
  }).flatMap(([latin, others]) =>
    [...others].map((other) => [other.toLowerCase(), latin] as const),
  ),
);

interface Letter {
  folded: string;
  isLatin: boolean;
  isLookalike: boolean;
  isInvisible: boolean;
}

/** Letters are folded one by one; what they become is kept, for most texts use few of them. */
const MAX_KNOWN = 8192;
const known = new Map<number, Letter>();

/**
 * Folds a text so that one pattern finds all the ways of writing a word: other alphabets' letters
 * that look the same, full-width and decorated ones, accents, invisible characters in between.
 */
export function foldText(text: string): FoldedText {
  if (!NOT_ASCII.test(text)) {
    return { text: text.toLowerCase(), origin: same, invisible: 0, hidden: "", lookalikes: 0 };
  }
  const folding = new Folding();
  let inFlag = false;
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at) ?? 0;
    if (point >= FIRST_TAG && point <= LAST_TAG) {
      if (!inFlag) {
        folding.hide(point);
      }
      inFlag = inFlag && point !== CANCEL_TAG;
    } else {
      inFlag = point === BLACK_FLAG;
      folding.add(point, at);
    }
    at += point > 0xffff ? 2 : 1;
  }
  return folding.finish(text.length);
}

/** Where the last `units` of a folded text begin in the original (UTF-16 units); 0 if it has fewer. */
export function foldedTailOf(text: string, units: number): number {
  let at = text.length;
  for (let left = units; at > 0 && left > 0; ) {
    const whole = at > 1 ? (text.codePointAt(at - 2) ?? 0) : 0;
    const isPair = whole > 0xffff;
    const point = isPair ? whole : text.charCodeAt(at - 1);
    at -= isPair ? 2 : 1;
    left -= point >= FIRST_TAG && point <= LAST_TAG ? 0 : letterOf(point).folded.length;
  }
  return at;
}

function same(offset: number): number {
  return offset;
}

class Folding {
  #text = "";
  #hidden = "";
  #invisible = 0;
  #lookalikes = 0;
  #afterLatin = false;
  readonly #origins: number[] = [];

  hide(tag: number): void {
    const character = String.fromCharCode(tag - FIRST_TAG);
    this.#hidden += character >= " " && character <= "~" ? character : "";
  }

  add(point: number, at: number): void {
    const { folded, isLatin, isLookalike, isInvisible } = letterOf(point);
    if (folded === "") {
      // Accents that stand alone fold to nothing too, and are seen.
      this.#invisible += this.#afterLatin && isInvisible ? 1 : 0;
      return;
    }
    this.#lookalikes += this.#afterLatin && isLookalike ? 1 : 0;
    this.#afterLatin = isLatin && (point < 0x80 || this.#afterLatin);
    this.#text += folded;
    for (let unit = 0; unit < folded.length; unit += 1) {
      this.#origins.push(at);
    }
  }

  finish(length: number): FoldedText {
    const origins = this.#origins;
    return {
      text: this.#text,
      origin: (offset) => origins[offset] ?? length,
      invisible: this.#invisible,
      hidden: this.#hidden.trim(),
      lookalikes: this.#lookalikes,
    };
  }
}

function letterOf(point: number): Letter {
  const found = point < 0x80 ? ASCII[point] : known.get(point);
  if (found !== undefined) {
    return found;
  }
  const letter = foldLetter(point);
  if (known.size < MAX_KNOWN) {
    known.set(point, letter);
  }
  return letter;
}

function foldLetter(point: number): Letter {
  const character = String.fromCodePoint(point);
  const isInvisible = INVISIBLE.some(([first, last]) => point >= first && point <= last);
  const plain = character.normalize("NFKD").replace(MARK, "").toLowerCase();
  const seen = isInvisible ? "" : (LOOKALIKES.get(plain) ?? plain);
  const folded = seen.length > MAX_EXPANSION ? character : seen;
  const isLatin = folded >= "a" && folded <= "z";
  return { folded, isLatin, isLookalike: LOOKALIKES.has(plain), isInvisible };
}

const ASCII = Array.from({ length: 0x80 }, (_, point) => foldLetter(point));
