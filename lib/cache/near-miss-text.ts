import { PHRASES, SYNONYMS } from "./near-miss-words.ts";

const VERBATIM = /(`[^`]*`|"[^"]*")/;
/** The question in one spelling of quotes, contractions and ways of asking. */
export function plainText(text: string): string {
  const plain = text
    // Normalized, they become digits of the number that they stand at: `5²` is not `52`.
    .replace(/\p{No}+/gu, " ^$& ")
    .normalize("NFKC")
    .replace(/[‘’]/g, "'")
    .replace(/[“”„«»]/g, '"')
    // Also keeps the patterns below from going over a long gap again and again.
    .replace(/\s+/g, " ")
    .trim();
  return plain
    .split(VERBATIM)
    .map((part, at) => (at % 2 === 1 ? part : rephrase(part)))
    .join("");
}

function rephrase(text: string): string {
  let plain = text
    .replace(/\bwon't\b/giu, "will not")
    .replace(/\bcan't\b/giu, "can not")
    .replace(/n't\b/giu, " not")
    .replace(/\b(what|where|who|how|when|why|that|it|there|here)'s\b/giu, "$1 is")
    .replace(/(?<=\p{L})'ll\b/giu, " will")
    .replace(/\bi'm\b/giu, "I am")
    .replace(/(?<=\p{L})'re\b/giu, " are")
    .replace(/(?<=\p{L})'(?:ve|d)\b/giu, " ")
    // `e-mail` has a hyphen, `a-b` a minus.
    .replace(/(?<=\p{L}{2})-(?=\p{L})|(?<=\p{L})-(?=\p{L}{2})/gu, " ");
  for (const [pattern, replacement] of PHRASES) {
    plain = plain.replace(pattern, replacement);
  }
  return plain;
}

const BRITISH: readonly (readonly [RegExp, string])[] = [
  [/is(e|es|ed|ing|ation)$/u, "iz$1"],
  [/ys(e|es|ed|ing)$/u, "yz$1"],
  [/(?<=\p{L}{2})our(s|ed|ing|ite|ites)?$/u, "or$1"],
  [/(?<=met|lit|cent|theat)re(s?)$/u, "er$1"],
  [/^programme(s?)$/u, "program$1"],
];

/** A word in lower case, in American spelling. */
export function spelling(word: string): string {
  for (const [pattern, replacement] of BRITISH) {
    if (pattern.test(word)) {
      return word.replace(pattern, replacement);
    }
  }
  return word;
}

/** A word without its ending, and one of several that mean the same. */
export function keyOf(word: string): string {
  const bare = SYNONYM_KEYS.get(word) ?? stem(word);
  return SYNONYM_KEYS.get(bare) ?? bare;
}

/**
 * The singular of a plural. Other endings stay: `train` and `training`, `close` and `closed` are
 * near in spelling alone.
 */
function stem(word: string): string {
  return word.length <= 3
    ? word
    : word
        .replace(/ies$/u, "y")
        .replace(/(?<=s|x|z|ch|sh)es$/u, "")
        .replace(/(?<![sui])s$/u, "");
}

const SYNONYM_KEYS: ReadonlyMap<string, string> = new Map(
  [...SYNONYMS].flatMap(([word, first]) => {
    const key = stem(spelling(first));
    return [
      [spelling(word), key],
      [stem(spelling(word)), key],
    ];
  }),
);
