import { ConduitError } from "./errors.ts";

/** Nothing legal nests deeper; V8 parses far deeper, and then walking or serialising it fails. */
const MAX_DEPTH = 64;
/** 200,000 keys stall `JSON.parse` for more than 100 ms. */
const MAX_KEYS = 50_000;
/** More elements than any documented request has; checking millions would stall everybody. */
const MAX_VALUES = 500_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Throws `body_too_deep` (400) for JSON nested deeper than 64 levels, or of more than 50,000 keys or
 * 500,000 values. It counts in the raw bytes, before `JSON.parse` can spend time on them, and takes anything for JSON;
 * strings are leapt over by a native search.
 */
export function assertJsonShape(bytes: Uint8Array): void {
  const seen = { depth: 0, keys: 0, values: 1 };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte !== undefined) {
      count(seen, byte);
    }
  }
  refuseBeyond(seen.keys, MAX_KEYS, "made of more than 50,000 keys");
  refuseBeyond(seen.values, MAX_VALUES, "made of more than 500,000 values");
}

function count(seen: { depth: number; keys: number; values: number }, byte: number): void {
  if (byte === COMMA) {
    seen.values += 1;
  } else if (byte === COLON) {
    seen.keys += 1;
  } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
    seen.depth += 1;
    refuseBeyond(seen.depth, MAX_DEPTH, "nested deeper than 64 levels");
  } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
    seen.depth -= 1;
  }
}

function endOfString(bytes: Uint8Array, open: number): number {
  let close = bytes.indexOf(QUOTE, open + 1);
  while (close !== -1 && isEscaped(bytes, close)) {
    close = bytes.indexOf(QUOTE, close + 1);
  }
  return close === -1 ? bytes.length : close;
}

function isEscaped(bytes: Uint8Array, quote: number): boolean {
  let at = quote - 1;
  while (bytes[at] === BACKSLASH) {
    at -= 1;
  }
  return (quote - at) % 2 === 0;
}

function refuseBeyond(value: number, most: number, what: string): void {
  if (value > most) {
    throw new ConduitError("body_too_deep", { message: `The body is ${what}.` });
  }
}
