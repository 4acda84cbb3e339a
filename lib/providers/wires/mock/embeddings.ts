import { hashText, seededNumbers } from "./hash.ts";

/** Unit vectors that the text alone determines: equal texts lie together, others anywhere. */
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

function unitVector(text: string, dimensions: number): number[] {
  const next = seededNumbers(hashText(text));
  const values = Array.from({ length: dimensions }, () => next() * 2 - 1);
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
}

/** The mock's unit of usage: words stand for tokens. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
