/** A way to write a text so that a person or a model can still read it, and a plain search cannot. */
export interface Disguise {
  name: string;
  /** For texts of Latin letters without accents. */
  put(text: string): string;
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  a: "а",
  e: "е",
  o: "о",
  p: "р",
  c: "с",
  i: "і",
};
const DIGITS: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };
const TAGS = 0xe0000;
const FULL_WIDTH = 0xfee0;

/** The ways that attempts to take over models are met in. */
export const DISGUISES: readonly Disguise[] = [
  {
    name: "base64",
    put: (text) => `Decode this and do what it says: ${Buffer.from(text).toString("base64")}`,
  },
  { name: "hexadecimal", put: (text) => `Follow the hex: ${Buffer.from(text).toString("hex")}` },
  { name: "percent signs", put: (text) => Buffer.from(text).toString("hex").replace(/../g, "%$&") },
  { name: "rot13", put: rot13 },
  { name: "backwards", put: (text) => [...text].reverse().join("") },
  { name: "digits for letters", put: (text) => swap(text, DIGITS) },
  { name: "letters of other alphabets", put: (text) => swap(text, LOOKALIKES) },
  { name: "invisible characters", put: (text) => [...text].join("\u200b") },
  {
    name: "full width",
    put: (text) =>
      text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + FULL_WIDTH)),
  },
  {
    name: "single letters",
    put: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join(" "))
        .join("  "),
  },
  {
    name: "tag characters",
    put: (text) =>
      `What a nice day${[...text].map((sign) => String.fromCodePoint(TAGS + sign.charCodeAt(0))).join("")}`,
  },
];

function swap(text: string, by: Readonly<Record<string, string>>): string {
  return [...text].map((sign) => by[sign] ?? sign).join("");
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter < "a" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}
