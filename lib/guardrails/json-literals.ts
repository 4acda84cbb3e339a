/** A piece of JSON text that can hold somebody's data, with its place in the source. */
export interface JsonLiteral {
  start: number;
  end: number;
  /** What it says: a string's characters, or a number as it is written. */
  text: string;
}

const QUOTE = 34;
const BACKSLASH = 92;
/** One escape, with the digits of those that have some; `\x40` is no JSON, but models read it. */
const ESCAPE = /\\(?:u([\da-f]{4})|x([\da-f]{2})|.)/gis;
const LETTERS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
const WORDS = new Set(["true", "false", "null"]);

/**
 * The strings, keys and numbers in a JSON text, decoded, so that an escape hides nothing and a
 * change never breaks one. A text that is cut short is read to where it ends, and one that is no
 * JSON at all is one piece.
 */
export function readLiterals(source: string): JsonLiteral[] {
  if (!/^\s*[{["]/.test(source)) {
    return source.trim() === ""
      ? []
      : [{ start: 0, end: source.length, text: readEscapes(source) }];
  }
  const literals: JsonLiteral[] = [];
  for (let at = 0; at < source.length; ) {
    const start = at;
    const code = source.charCodeAt(at);
    if (isPunctuation(code)) {
      at += 1;
      continue;
    }
    at = code === QUOTE ? endOfString(source, at) : endOfWord(source, at);
    const token = source.slice(start, at);
    const text = decode(token);
    if (text !== "" && !WORDS.has(token)) {
      literals.push({ start, end: at, text });
    }
  }
  return literals;
}

/** The literal as it is written in place of another: a string, closed as the old one was. */
export function writeLiteral(source: string, { start, end }: JsonLiteral, text: string): string {
  const isJson = /^\s*[{["]/.test(source);
  const written = isJson ? JSON.stringify(text) : text;
  return isJson && source.charCodeAt(start) === QUOTE && isOpen(source, start, end)
    ? written.slice(0, -1)
    : written;
}

/** Space, and `, : [ ] { }`. */
function isPunctuation(code: number): boolean {
  return (
    code <= 32 ||
    code === 44 ||
    code === 58 ||
    code === 91 ||
    code === 93 ||
    code === 123 ||
    code === 125
  );
}

function endOfString(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) {
      return at + 1;
    }
    if (code === BACKSLASH) {
      at += 1;
    }
  }
  return source.length;
}

function endOfWord(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === QUOTE || isPunctuation(code)) {
      break;
    }
    at += 1;
  }
  return at;
}

function decode(token: string): string {
  if (token.charCodeAt(0) !== QUOTE) {
    return readEscapes(token);
  }
  const isCut = isOpen(token, 0, token.length);
  if (!token.includes("\\")) {
    return isCut ? token.slice(1) : token.slice(1, -1);
  }
  const closed = isCut ? `${token.replace(/\\(?:u[\da-f]{0,3})?$/i, "")}"` : token;
  try {
    return String(JSON.parse(closed));
  } catch {
    // A raw line break or an unknown escape: the others are still what they say.
    return closed.slice(1, isCut ? undefined : -1).replace(ESCAPE, unescapeOne);
  }
}

/**
 * A text of JSON with the same meaning in which characters stand as themselves, save those that have
 * to be escaped: an escape hides nothing from a rule, and a change leaves valid JSON.
 */
export function readEscapes(source: string): string {
  return source.includes("\\") ? source.replace(ESCAPE, unescapeSafely) : source;
}

/** Whether a text begins as JSON objects and lists do. */
export function isLikeJson(source: string): boolean {
  return /^\s*[{[]/.test(source);
}

function unescapeOne(source: string, long?: string, short?: string): string {
  const letter = source.charAt(1);
  const hex = long ?? short;
  return hex === undefined
    ? (LETTERS[letter] ?? letter)
    : String.fromCharCode(Number.parseInt(hex, 16));
}

function unescapeSafely(source: string, long?: string, short?: string): string {
  const text = (long ?? short) === undefined ? "" : unescapeOne(source, long, short);
  return text < " " || text === '"' || text === "\\" ? source : text;
}

/** Whether a string has no closing quote because its source ends inside of it. */
function isOpen(source: string, start: number, end: number): boolean {
  if (end < source.length) {
    return false;
  }
  let at = start + 1;
  while (at < end && source.charCodeAt(at) !== QUOTE) {
    at += source.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at >= end;
}
