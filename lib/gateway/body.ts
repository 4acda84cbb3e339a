import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Exchange } from "./exchange.ts";

/** Nothing legal nests deeper; V8 parses far deeper and then fails to serialise it again. */
const MAX_DEPTH = 64;
/** 200,000 keys stall `JSON.parse` for more than 100 ms. */
const MAX_KEYS = 50_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * The request's JSON body. Refuses by name what is not JSON, encoded, too large, too deep or of too
 * many keys, all before `JSON.parse` can spend time on it.
 */
export async function readJson(exchange: Exchange): Promise<Record<string, unknown>> {
  requireJsonHeaders(exchange);
  const bytes = await exchange.readBody();
  checkShape(bytes);
  const parsed = parse(bytes);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ConduitError("invalid_json", { message: "The body has to be a JSON object." });
  }
  // An object that is neither null nor an array, as the line above has established.
  return parsed as Record<string, unknown>;
}

function requireJsonHeaders(exchange: Exchange): void {
  const type = exchange.header("content-type");
  if (type === undefined || !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new ConduitError("unsupported_media_type", {
      message: "Send the body as JSON, with content-type: application/json.",
      param: "content-type",
    });
  }
  const encoding = exchange.header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") {
    throw new ConduitError("unsupported_media_type", {
      message: "Compressed request bodies are not accepted.",
      param: "content-encoding",
    });
  }
}

/** The error for a body beyond `CONDUIT_MAX_BODY_MIB`. */
export function tooLarge(): ConduitError {
  const mebibytes = getEnv().maxBodyBytes / (1024 * 1024);
  return new ConduitError("request_too_large", {
    message: `The body is larger than the limit of ${mebibytes} MiB.`,
  });
}

function parse(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "";
    const position = /at position (\d+)/.exec(detail)?.[1];
    throw new ConduitError("invalid_json", {
      message:
        text.trim() === ""
          ? "The body is empty; a JSON object is expected."
          : `The body is not valid JSON${position === undefined ? "" : ` (at character ${position})`}.`,
      cause,
    });
  }
}

/** Counts nesting and keys in the raw bytes. Strings are leapt over by a native search. */
function checkShape(bytes: Uint8Array): void {
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === COLON) {
      keys += 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      refuseBeyond(depth, MAX_DEPTH, "nested deeper than 64 levels");
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  refuseBeyond(keys, MAX_KEYS, "made of more than 50,000 keys");
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
