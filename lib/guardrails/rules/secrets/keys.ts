import { isWordAt } from "../pii/groups.ts";
import type { Span } from "../spans.ts";
import { KEY_FORMS } from "./key-forms.ts";
import { hasVariety } from "./variety.ts";

/** The longest prefix with the longest rest. */
export const KEY_WINDOW = 540;

/** Fewer different characters than this are a row of x or zeros in a manual. */
const FEWEST_DIFFERENT = 8;

const FORMS = new Map(
  KEY_FORMS.flatMap(({ kind, prefixes, rest }) =>
    prefixes.map((prefix) => [prefix, { kind, rest: new RegExp(rest, "y") }] as const),
  ),
);

const escaped = (text: string) => text.replace(/[.?+/&]/g, "\\$&");
const isWord = (prefix: string) => /^\w/.test(prefix);
const LONGEST_FIRST = [...FORMS.keys()].sort((left, right) => right.length - left.length);
const PREFIX = new RegExp(
  `(?<![0-9A-Za-z])(?:${LONGEST_FIRST.filter(isWord).map(escaped).join("|")})` +
    `|${LONGEST_FIRST.filter((prefix) => !isWord(prefix))
      .map(escaped)
      .join("|")}`,
  "g",
);

/** Keys of known issuers. */
export function findKeys(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: prefix } of text.matchAll(PREFIX)) {
    const form = FORMS.get(prefix);
    const start = index + prefix.length;
    const rest = form === undefined ? "" : restAt(form.rest, text, start);
    if (form !== undefined && hasVariety(rest, FEWEST_DIFFERENT)) {
      spans.push({ start: index, end: start + rest.length, kind: form.kind });
    }
  }
  return spans;
}

/** What follows the prefix, when nothing longer does. */
function restAt(form: RegExp, text: string, start: number): string {
  form.lastIndex = start;
  const rest = form.exec(text)?.[0] ?? "";
  return isWordAt(text, start + rest.length) ? "" : rest;
}

const BOT_TOKEN = /(?<![0-9A-Za-z])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g;

/** A bot's token has digits in front instead of a prefix. */
export function findBotTokens(text: string): Span[] {
  return Array.from(text.matchAll(BOT_TOKEN), ({ index, 0: token }) => ({
    start: index,
    end: index + token.length,
    kind: "telegram_bot_token",
  }));
}

/** Tokens with more than this are not looked at further; what is left of one says nothing. */
export const JWT_WINDOW = 4_096;
const JWT =
  /(?<![0-9A-Za-z_-])eyJ[A-Za-z0-9_-]{8,512}\.eyJ[A-Za-z0-9_-]{2,2800}(?:\.[A-Za-z0-9_-]{0,700})?/g;

/** Signed tokens: three parts, the first of which is a JSON header with an algorithm. */
export function findJwts(text: string): Span[] {
  const spans: Span[] = [];
  if (!text.includes("eyJ")) {
    return spans;
  }
  for (const { index, 0: token } of text.matchAll(JWT)) {
    const header = Buffer.from(token.slice(0, token.indexOf(".")), "base64url").toString("latin1");
    if (/"alg"|"typ"|"enc"/.test(header)) {
      spans.push({ start: index, end: index + token.length, kind: "jwt" });
    }
  }
  return spans;
}
