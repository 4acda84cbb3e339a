/**
 * JSON text put together by hand, for rows that every request pays for: without an object in
 * between, and so that Postgres can take it.
 */

/** Longest text that a row keeps; an index entry of Postgres may not pass about 2,700 bytes. */
const MAX_NAME = 256;
const MAX_TAGS = 32;
/** The token columns are 32 bits wide, and a `real` cannot hold an infinite latency as JSON. */
const MAX_INTEGER = 2_147_483_647;

/** A text under its name, but not its usual value. */
export function unless(text: string | null, usual: string | null, name: string): string {
  return text === usual ? "" : `,"${name}":${quoted(text)}`;
}

/** A count under its name, unless it is none. */
export function count(tokens: number, name: string): string {
  return tokens > 0 ? `,"${name}":${whole(tokens)}` : "";
}

/** Texts that need no escape, which nearly all are, go in as they stand. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * A text as JSON that Postgres can turn into text again: it takes neither NUL nor half a surrogate
 * pair, both of which a caller can put into a model name or a tag.
 */
export function quoted(text: string | null, length = MAX_NAME): string {
  if (text === null) {
    return "null";
  }
  const short = text.length > length ? text.slice(0, length) : text;
  if (PLAIN.test(short)) {
    return `"${short}"`;
  }
  return JSON.stringify(short.toWellFormed().replaceAll("\0", "\ufffd"));
}

/** A map of texts; what is beyond the first 32 is left out. */
export function jsonMap(texts: Readonly<Record<string, string>>): string {
  let map = "";
  let left = MAX_TAGS;
  for (const name in texts) {
    if (left === 0) {
      break;
    }
    left -= 1;
    map += `${map === "" ? "" : ","}${quoted(name)}:${quoted(texts[name] ?? "")}`;
  }
  return `{${map}}`;
}

/** A count that the column can hold. */
export function whole(count: number): number {
  return count > 0 ? Math.min(Math.floor(count), MAX_INTEGER) : 0;
}

/** Milliseconds to a hundredth; a clock that failed must not make the row unreadable. */
export function duration(ms: number): string {
  return Number.isFinite(ms) ? String(Math.round(ms * 100) / 100) : "0";
}

/** A time in whole milliseconds; a clock that failed reads as 1970. */
/** A count that the column can hold. */
export function wholeMs(timeMs: number): number {
  return Number.isFinite(timeMs) ? Math.floor(timeMs) : 0;
}
