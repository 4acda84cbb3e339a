import type { PlaygroundParameters } from "#lib/contract/playground.ts";

/** Parameters as they stand in their boxes; empty is not sent. */
export interface ParameterTexts {
  temperature: string;
  top_p: string;
  max_tokens: string;
  seed: string;
  /** One on each line. */
  stop: string;
  response_format: PlaygroundParameters["response_format"];
  schema: string;
  tools: string;
}

export function emptyTexts(): ParameterTexts {
  return {
    temperature: "",
    top_p: "",
    max_tokens: "",
    seed: "",
    stop: "",
    response_format: "text",
    schema: "",
    tools: "",
  };
}

export function textsOf(parameters: PlaygroundParameters): ParameterTexts {
  const text = (value: number | null) => (value === null ? "" : String(value));
  return {
    temperature: text(parameters.temperature),
    top_p: text(parameters.top_p),
    max_tokens: text(parameters.max_tokens),
    seed: text(parameters.seed),
    stop: parameters.stop.join("\n"),
    response_format: parameters.response_format,
    schema: parameters.schema,
    tools: parameters.tools,
  };
}

const NUMBERS = {
  temperature: { least: 0, most: 2, isWhole: false, label: "Temperature" },
  top_p: { least: 0, most: 1, isWhole: false, label: "Top p" },
  max_tokens: { least: 1, most: 2_000_000, isWhole: true, label: "Max tokens" },
  seed: {
    least: Number.MIN_SAFE_INTEGER,
    most: Number.MAX_SAFE_INTEGER,
    isWhole: true,
    label: "Seed",
  },
} as const;

type NumberName = keyof typeof NUMBERS;

/** What is wrong with the boxes, by box; nothing when all can be sent. */
export function problemsOf(texts: ParameterTexts): Partial<Record<keyof ParameterTexts, string>> {
  const problems: Partial<Record<keyof ParameterTexts, string>> = {};
  for (const name of Object.keys(NUMBERS) as NumberName[]) {
    const problem = numberProblem(name, texts[name]);
    if (problem !== undefined) {
      problems[name] = problem;
    }
  }
  if (texts.response_format === "json_schema" && jsonOf(texts.schema) === undefined) {
    problems.schema = "Enter the schema as JSON.";
  }
  if (texts.tools.trim() !== "" && !Array.isArray(jsonOf(texts.tools))) {
    problems.tools = "Enter a JSON array of tools.";
  }
  return problems;
}

function numberProblem(name: NumberName, text: string): string | undefined {
  const { least, most, isWhole, label } = NUMBERS[name];
  if (text.trim() === "") {
    return undefined;
  }
  const value = Number(text);
  const isFine =
    Number.isFinite(value) &&
    value >= least &&
    value <= most &&
    (!isWhole || Number.isInteger(value));
  if (isFine) {
    return undefined;
  }
  const range = name === "seed" ? "" : ` from ${least} to ${most}`;
  return `${label} has to be a ${isWhole ? "whole " : ""}number${range}.`;
}

/** The parameters of the boxes; what cannot be read is left out. */
export function parametersOf(texts: ParameterTexts): PlaygroundParameters {
  const value = (name: NumberName) =>
    texts[name].trim() === "" || numberProblem(name, texts[name]) !== undefined
      ? null
      : Number(texts[name]);
  return {
    temperature: value("temperature"),
    top_p: value("top_p"),
    max_tokens: value("max_tokens"),
    seed: value("seed"),
    stop: texts.stop
      .split("\n")
      .filter((line) => line !== "")
      .slice(0, 4),
    response_format: texts.response_format,
    schema: texts.schema,
    tools: texts.tools,
  };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half-typed JSON is no mistake yet.
    return undefined;
  }
}
