import type { Span } from "../spans.ts";

/** The longest address that RFC 5321 lets through. */
export const EMAIL_WINDOW = 254;
const MOST_LOCAL = 64;
const MOST_DOMAIN = 190;

const LOCAL_UNIT = /[A-Za-z0-9\u00c0-\u024f._+'-]/;
const DOMAIN_UNIT = /[A-Za-z0-9\u00c0-\u024f.-]/;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}[\p{L}]{2,24}/u;
/** What follows a dot in names of files and of packages, and is no domain. */
const FILE_ENDINGS = new Set(
  "avif bmp css csv gif gz html ico jpeg jpg js json jsx lock log map mjs pdf png svg tar tgz ts tsx txt webp yaml yml zip".split(
    " ",
  ),
);
const URL_BEFORE = /:\/\/[^\s/]{0,128}$/;
const EDGES = /^[.'-]+|[.]+$/g;

/** Email addresses, found from their `@` outwards. */
export function findEmails(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const span = addressAround(text, at);
    if (span !== undefined) {
      spans.push(span);
    }
  }
  findSpelled(text, spans);
  return spans;
}

function addressAround(text: string, at: number): Span | undefined {
  const end = endOfDomain(text, at + 1);
  if (end === undefined) {
    return undefined;
  }
  let start = at;
  while (start > 0 && at - start < MOST_LOCAL && LOCAL_UNIT.test(text[start - 1] ?? "")) {
    start -= 1;
  }
  const run = text.slice(start, at);
  const local = run.replace(EDGES, "");
  const from = start + run.indexOf(local);
  const isUser = local !== "" && from + local.length === at;
  return isUser && !isLogin(text, from, local, end)
    ? { start: from, end, kind: "email" }
    : undefined;
}

/** The user of an address of a repository or of a URL: `git@host:path`, `https://user@host`. */
function isLogin(text: string, start: number, local: string, end: number): boolean {
  const isRepository = text[end] === ":" && /[\w~/]/.test(text[end + 1] ?? "") && local === "git";
  return isRepository || URL_BEFORE.test(text.slice(Math.max(0, start - 140), start));
}

function endOfDomain(text: string, start: number): number | undefined {
  let stop = start;
  while (stop - start < MOST_DOMAIN && DOMAIN_UNIT.test(text[stop] ?? "")) {
    stop += 1;
  }
  const domain = DOMAIN.exec(text.slice(start, stop))?.[0];
  if (domain === undefined) {
    return undefined;
  }
  const ending = domain.slice(domain.lastIndexOf(".") + 1).toLowerCase();
  return FILE_ENDINGS.has(ending) ? undefined : start + domain.length;
}

const SPELLED =
  /(?<![\w.+-])[\w.+-]{1,64} ?[[({] ?at ?[\])}] ?[A-Za-z0-9-]{1,63}(?: ?(?:[[({] ?dot ?[\])}]|\.) ?[A-Za-z0-9-]{1,63}){1,3}/gi;

/** Told at once, where a search for whole addresses would look at every word. */
const HAS_SPELLED = /[[({] ?at ?[\])}]/i;

/** Addresses with their signs in words, as `anna [at] example [dot] org`. */
function findSpelled(text: string, spans: Span[]): void {
  if (!HAS_SPELLED.test(text)) {
    return;
  }
  for (const { index, 0: address } of text.matchAll(SPELLED)) {
    if (/[\])}] ?[A-Za-z]{2,24}$|\.[A-Za-z]{2,24}$/.test(address)) {
      spans.push({ start: index, end: index + address.length, kind: "email" });
    }
  }
}
