const LETTER = /[a-z]/g;
const FIRST = 97;
const LETTERS = 26;

/** Each small letter of the Latin alphabet thirteen further on; twice makes the text again. */
export function rot13(text: string): string {
  return text.replaceAll(LETTER, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - FIRST + LETTERS / 2) % LETTERS) + FIRST),
  );
}
