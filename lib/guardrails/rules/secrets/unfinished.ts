/** What a long secret shows of itself before it is complete: the longest of its first lines. */
export const MARK_WINDOW = 128;

const FIRST_LINE = "-----BEGIN ";
const LAST_LINE = "-----END ";
/** The rest of a last line, which may still be on its way. */
const LAST_LINE_UNITS = 64;

/** Where a private key begins that the text has not all of, or the text's length. */
export function unfinishedPrivateKey(text: string, longest: number): number {
  const from = Math.max(0, text.length - longest);
  for (let at = text.indexOf(FIRST_LINE, from); at !== -1; at = text.indexOf(FIRST_LINE, at + 1)) {
    const end = text.indexOf(LAST_LINE, at);
    if (end === -1 || end > text.length - LAST_LINE_UNITS) {
      return at;
    }
  }
  return text.length;
}

/** Where a signed token begins that may go on, or the text's length. */
export function unfinishedJwt(text: string, longest: number): number {
  const least = Math.max(0, text.length - longest);
  let start = text.length;
  while (start > least && isTokenUnit(text.charCodeAt(start - 1))) {
    start -= 1;
  }
  const at = text.indexOf("eyJ", start);
  return at === -1 ? text.length : at;
}

/** Letters, digits, and `-`, `.`, `_`. */
function isTokenUnit(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 46 ||
    code === 95
  );
}
