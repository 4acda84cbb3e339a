/** Zeros of the scripts whose ten digits follow one another and take one UTF-16 unit each. */
const ZEROS = [0x06_60, 0x06_f0, 0x09_66, 0x09_e6, 0xff_10];
const SPACES = /[\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]/;
const HYPHENS = /[\u00ad\u2010-\u2015\u2212\ufe63\uff0d]/;
const OTHERS: Readonly<Record<string, string>> = {
  "\uff20": "@",
  "\uff0e": ".",
  "\uff1a": ":",
  "\uff0b": "+",
  "\uff08": "(",
  "\uff09": ")",
};

/** One pass tells whether there is anything to replace; most texts have nothing. */
const UNUSUAL =
  /[\u00a0\u00ad\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u2000-\u200b\u2010-\u2015\u202f\u205f\u2212\u3000\ufe63\ufeff\uff08-\uff20]/g;

/**
 * The text with digits, spaces and hyphens of other scripts replaced by plain ones. Every
 * replacement has the length of what it replaces, so offsets hold for both.
 */
export function withPlainDigits(text: string): string {
  return text.replace(UNUSUAL, plainOf);
}

function plainOf(unit: string): string {
  if (SPACES.test(unit)) {
    return " ";
  }
  if (HYPHENS.test(unit)) {
    return "-";
  }
  const code = unit.charCodeAt(0);
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? (OTHERS[unit] ?? unit) : String(code - zero);
}
