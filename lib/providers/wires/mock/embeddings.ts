import { hashText, seededNumbers } from "./hash.ts";

/**
 * Unit vectors that the text alone determines. Texts that share their longer words lie near each
 * other; small words and numbers hardly move a vector, as with the models that this stands for.
 */
export function mockEmbeddings(
  body: Record<string, unknown>,
  settingsDimensions: number,
): Record<string, unknown> {
  const asked = body["dimensions"];
  const dimensions =
    typeof asked === "number" ? asked : Math.max(1, Math.trunc(settingsDimensions));
  const texts = textsOf(body["input"]);
  const tokens = texts.reduce((sum, text) => sum + countWords(text), 0);
  return {
    object: "list",
    data: texts.map((text, index) => ({
      object: "embedding",
      index,
      embedding: unitVector(text, dimensions),
    })),
    model: body["model"],
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** The inputs as texts; a list of token numbers is one input. */
function textsOf(input: unknown): string[] {
  if (!Array.isArray(input)) {
    return [String(input)];
  }
  if (typeof input[0] === "number") {
    return [input.join(" ")];
  }
  return input.map((entry) => (Array.isArray(entry) ? entry.join(" ") : String(entry)));
}

/** Distinct words that a vector is made of; later ones do not count. */
const MAX_WORDS = 256;
const LIGHT = 0.12;
/** What keeps two texts of the same words apart. */
const WHOLE = 0.05;

function unitVector(text: string, dimensions: number): number[] {
  const sum = new Array<number>(dimensions).fill(0);
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  for (const word of [...words].slice(0, MAX_WORDS)) {
    add(sum, word, word.length <= 3 || /\d/.test(word) ? LIGHT : 1);
  }
  add(sum, text, WHOLE);
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

/** Adds the direction that a text's hash gives, of about the same length for every text. */
function add(sum: number[], text: string, weight: number): void {
  const next = seededNumbers(hashText(text));
  for (let at = 0; at < sum.length; at += 1) {
    sum[at] = (sum[at] ?? 0) + weight * (next() * 2 - 1);
  }
}

/** The mock's unit of usage: words stand for tokens. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
