import { isUtf8 } from "node:buffer";

/** So much of a decoded text has to be letters, spaces and usual punctuation to be one. */
const READABLE_SHARE = 0.9;
const MIN_READABLE = 8;

/** Eight bits a letter, with or without spaces. */
export const BINARY = /(?:[01]{8}[ ,]?){8,}/g;

const LEET_LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
};
/** The last two end sentences and part columns as well, and count inside of words alone. */
const LEET_SIGN = /[013457@$]|(?<=[a-z0-9])[!|](?=[a-z0-9])/g;

/** The text that base64 (either alphabet) stands for. `undefined` for what is a word or a path. */
export function fromBase64(blob: string): string | undefined {
  if (!/[A-Z0-9+=]/.test(blob)) {
    return undefined;
  }
  return asText(Buffer.from(blob, "base64"));
}

/** The text that hexadecimal digits stand for, with any of the usual separators. */
export function fromHex(blob: string): string | undefined {
  return asText(Buffer.from(blob.replaceAll(/\\x|0x|[^0-9a-fA-F]/g, ""), "hex"));
}

/** The text that bits stand for. */
export function fromBinary(blob: string): string | undefined {
  const bytes = blob.match(/[01]{8}/g) ?? [];
  return asText(Buffer.from(bytes.map((bits) => Number.parseInt(bits, 2))));
}

/** A folded text with letters in place of all digits and signs that look like one. */
export function unleet(text: string): string {
  return text.replaceAll(LEET_SIGN, (sign) => LEET_LETTERS[sign] ?? sign);
}

/** Whether a decoded text was meant to be read. */
export function isReadable(text: string): boolean {
  if (text.length < MIN_READABLE) {
    return false;
  }
  const usual = text.match(/[\p{L}\p{N}\s.,:;!?'"()<>[\]{}|/\\_=#*-]/gu)?.length ?? 0;
  return usual >= text.length * READABLE_SHARE && /[\p{L}]{3}/u.test(text);
}

/** Bytes that are no UTF-8 were not text. Asked first, because most are not, and an error is dear. */
function asText(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
