import type { Span } from "../spans.ts";
import { bitsOf, hasVariety } from "./variety.ts";

const MOST_USER = 128;
const MOST_PASSWORD = 128;

/** The longest name with its sign and its value. */
export const PASSWORD_WINDOW = 64 + MOST_PASSWORD;

/** What stands in manuals in place of a password. */
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|•+|-+|_+|pass(?:word|wd|phrase)?\d?|pwd|secret|changeme|token|null|none|undefined|true|false|redacted|hidden|todo|test|dummy|%s|(?:your|my|some|placeholder|insert|enter|put|add|use|see|same|env[.:]|[<[{($%]).*)$/i;
const LONGEST_PLACEHOLDER = 48;

/** Whether a value is a placeholder, as `<password>`, `$TOKEN` or `changeme`. */
function isPlaceholder(value: string): boolean {
  const isMarked = ">}])".includes(value.at(-1) ?? "") || /example/i.test(value);
  const isWord = value.length <= LONGEST_PLACEHOLDER && PLACEHOLDER.test(value);
  return isMarked || isWord || !hasVariety(value, 3);
}

const USER = /[^\s:@/?#"'<>]*/y;
const PASSWORD = /[^\s@/"'<>]*/y;

/** Passwords in URLs, as in `postgres://app:hunter2@db.internal`; only the password is the span. */
export function findUrlPasswords(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const colon = at + 3 + lengthOf(USER, text.slice(at + 3, at + 3 + MOST_USER));
    if (text[colon] !== ":") {
      continue;
    }
    const start = colon + 1;
    const end = start + lengthOf(PASSWORD, text.slice(start, start + MOST_PASSWORD));
    const hasHost = text[end] === "@" && /[\w[]/.test(text[end + 1] ?? "");
    if (hasHost && end - start >= 3 && !isPlaceholder(text.slice(start, end))) {
      spans.push({ start, end, kind: "url_password" });
    }
  }
  return spans;
}

function lengthOf(form: RegExp, text: string): number {
  form.lastIndex = 0;
  return form.exec(text)?.[0].length ?? 0;
}

const NAME =
  /(?:passw(?:or)?d|passwort|passphrase|contraseña|mot de passe|\bpwd|secret|api[_-]?key|access[_-]?key|account[_-]?key|auth[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|token|\bbearer|credentials?)(?=[\s"'`:=\])])/gi;
const SIGN =
  /["'`\])]{0,2}(?:\s{0,3}(?::=|={1,3}|=>|:)\s{0,3}|\s(?:is|was|ist|lautet|es|est)(?: now)?:?\s)/y;
const BEARER_SIGN = /\s/y;
const QUOTED = /(["'`])([^"'`\s]{6,128})\1/y;
const BARE = /[^\s"'`,;&<>()[\]{}]{6,128}/y;
/** Tokens that everybody may see: of a page, of a form, of a parser. */
const PUBLIC_NAME =
  /(?:page|next|continuation|cursor|sync|csrf|xsrf|stop|eos|bos|pad|public)[_-]?$/i;

/** Names inside of a value of this length are a part of it, and not looked at again. */
const LONG_VALUE = 64;

/** Secrets that are given a name: `api_key = "…"`, `password: …`, `the password is …`. */
export function findNamedSecrets(text: string): Span[] {
  const spans: Span[] = [];
  let past = 0;
  for (const { index, 0: name } of text.matchAll(NAME)) {
    const value = index < past ? undefined : valueAfter(text, name, index);
    if (value === undefined) {
      continue;
    }
    const { start, end, quoted } = value;
    past = end - start >= LONG_VALUE ? end : past;
    if (isSecret(name, text.slice(start, end), quoted)) {
      spans.push({ start, end, kind: kindOf(name) });
    }
  }
  return spans;
}

function valueAfter(text: string, name: string, start: number) {
  const isPublic = PUBLIC_NAME.test(text.slice(Math.max(0, start - 14), start));
  const sign = /^bearer$/i.test(name) ? BEARER_SIGN : SIGN;
  const from = isPublic ? undefined : stepOver(sign, text, start + name.length);
  return from === undefined ? undefined : valueAt(text, from);
}

function kindOf(name: string): string {
  return /^(?:pass|pwd|contra|mot)/i.test(name) ? "password" : "secret";
}

function stepOver(form: RegExp, text: string, start: number): number | undefined {
  form.lastIndex = start;
  return form.test(text) ? form.lastIndex : undefined;
}

function valueAt(text: string, start: number) {
  QUOTED.lastIndex = start;
  const quoted = QUOTED.exec(text);
  if (quoted !== null) {
    return { start: start + 1, end: QUOTED.lastIndex - 1, quoted: true };
  }
  BARE.lastIndex = start;
  const bare = BARE.exec(text)?.[0].replace(/[.!?:]+$/, "");
  return bare === undefined ? undefined : { start, end: start + bare.length, quoted: false };
}

/** A name of a program: `config.password`, `process.env.TOKEN`, `readSecret`. */
const IDENTIFIER = /^[A-Za-z_$][A-Za-z_$-]*(?:[.:/][A-Za-z_$][\w$-]*)*$/;
const FEWEST_KEY_UNITS = 16;
const FEWEST_KEY_BITS = 3;

function isSecret(name: string, value: string, quoted: boolean): boolean {
  if (isPlaceholder(value) || IDENTIFIER.test(value) || /^(?:https?:|\/|\.)/.test(value)) {
    return false;
  }
  if (kindOf(name) === "password") {
    return quoted || /[A-Za-z]/.test(value);
  }
  const isMixed =
    /\d/.test(value) && /[A-Za-z]/.test(value) && /^[\w+/=.~:$!@#%^&*-]+$/.test(value);
  return isMixed && value.length >= FEWEST_KEY_UNITS && bitsOf(value) >= FEWEST_KEY_BITS;
}
