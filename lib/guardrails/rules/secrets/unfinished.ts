/** What a long secret shows of itself before it is complete: the longest of its first lines. */
export const MARK_WINDOW = 128;

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
