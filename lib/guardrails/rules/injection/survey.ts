/** What one quick pass over a text says of the slower searches: which of them are worth trying. */
export interface Survey {
  /** Long runs of letters and digits without a space, or several escape signs. */
  encoded: boolean;
  /** Single letters between separators, many in a row. */
  spaced: boolean;
  /** Digits or signs that could stand for letters. */
  digits: boolean;
}

const LETTER = 1;
const DIGIT = 2;
/** What base64 and file paths have beside letters and digits. */
const JOINER = 4;
const SEPARATOR = 8;
/** Begins an escape sequence. */
const ESCAPE = 16;
/** Drawn like a letter. */
const SIGN = 32;
const HEX = 64;

// One for every unit: a look past the end of a typed array costs more than all of them hold.
const CLASSES = new Uint8Array(0x1_00_00);
for (const [signs, bits] of [
  ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER],
  ["0123456789", DIGIT],
  ["+/_-=", JOINER],
  [" .-_*|/,:\n", SEPARATOR],
  ["%\\&", ESCAPE],
  ["013457@$!|", SIGN],
  ["0123456789abcdefABCDEFxX", HEX],
] as const) {
  for (const sign of signs) {
    const code = sign.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] ?? 0) | bits;
  }
}

/** Runs shorter than these are words, numbers and abbreviations. */
const MIN_RUN = 20;
const MIN_DIGITS = 6;
const MIN_ESCAPES = 3;
const MIN_SINGLES = 8;

const IN_WORD = LETTER | DIGIT | JOINER;
const IN_BYTES = HEX | SEPARATOR | ESCAPE;

/** Looks at every character of a text once. */
export function survey(text: string): Survey {
  const single = openSingles();
  let longest = 0;
  let mostDigits = 0;
  let run = 0;
  let digits = 0;
  let escapes = 0;
  let seen = 0;
  for (let at = 0; at < text.length; at += 1) {
    const bits = CLASSES[text.charCodeAt(at)] ?? 0;
    seen |= bits;
    run = (bits & IN_WORD) === 0 ? 0 : run + 1;
    longest = Math.max(longest, run);
    digits = (bits & IN_BYTES) === 0 ? 0 : digits + (bits & DIGIT) / DIGIT;
    mostDigits = Math.max(mostDigits, digits);
    escapes += (bits & ESCAPE) / ESCAPE;
    single.add(bits & LETTER);
  }
  return {
    encoded: longest >= MIN_RUN || mostDigits >= MIN_DIGITS || escapes >= MIN_ESCAPES,
    spaced: single.most() >= MIN_SINGLES,
    digits: (seen & SIGN) !== 0,
  };
}

/** Counts words of one letter in a row; what is added is 0 between words. */
function openSingles(): { add(letter: number): void; most(): number } {
  let most = 0;
  let inRow = 0;
  let word = 0;
  function end(): void {
    if (word > 0) {
      inRow = word === 1 ? inRow + 1 : 0;
      most = Math.max(most, inRow);
    }
    word = 0;
  }
  return {
    add(letter) {
      if (letter === 0) {
        end();
      } else {
        word += 1;
      }
    },
    most() {
      end();
      return most;
    },
  };
}
