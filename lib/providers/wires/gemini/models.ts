/** What a Gemini model accepts, by its generation (Gemini API docs, "Models" and "Thinking"). */
export interface GeminiModel {
  /** How thinking is asked for. */
  thinking: "none" | "budget" | "level";
  /** Bounds of `thinkingBudget`, for models that take one; `canBeOff` says whether 0 is taken too. */
  budget: { least: number; most: number; canBeOff: boolean };
  /** The least `thinkingLevel`, for models that take one; they cannot be told not to think. */
  lowestLevel: "minimal" | "low";
  /** Whether the signature of a function call has to come back with it. */
  demandsSignatures: boolean;
  /** Whether schemas may be given as full JSON Schema. */
  takesJsonSchema: boolean;
  /** Whether an answer in JSON may be asked for beside functions. */
  mixesJsonAndTools: boolean;
  /** Whether there is a place for system text apart from the conversation. */
  takesSystem: boolean;
  /** Whether it fetches images that a public URL names. */
  readsUrls: boolean;
}

const NEWEST = 9999;
const VERSION = /gemini-(\d{1,2})(?:[.-](\d{1,2})(?!\d))?/;
const NO_BUDGET = { least: 0, most: 0, canBeOff: false };

/** What `modelName` accepts. An id of no known pattern, as `gemini-flash-latest`, is the newest. */
export function geminiModel(modelName: string): GeminiModel {
  const name = modelName.toLowerCase();
  const isGemma = name.includes("gemma");
  const generation = isGemma ? 0 : generationOf(name);
  return {
    thinking: generation >= 300 ? "level" : generation >= 205 ? "budget" : "none",
    budget: generation >= 205 && generation < 300 ? budgetOf(name) : NO_BUDGET,
    lowestLevel: lowestLevelOf(name, generation),
    demandsSignatures: generation >= 300,
    takesJsonSchema: generation >= 205,
    mixesJsonAndTools: generation >= 300,
    takesSystem: !isGemma,
    readsUrls: generation >= 205,
  };
}

function generationOf(name: string): number {
  const version = VERSION.exec(name);
  return version === null ? NEWEST : Number(version[1]) * 100 + Number(version[2] ?? 0);
}

function budgetOf(name: string): GeminiModel["budget"] {
  if (name.includes("flash-lite")) {
    return { least: 512, most: 24_576, canBeOff: true };
  }
  return name.includes("flash")
    ? { least: 1, most: 24_576, canBeOff: true }
    : { least: 128, most: 32_768, canBeOff: false };
}

/** `minimal` is a level of the earlier flash models of generation 3 alone; `low` is one of all. */
function lowestLevelOf(name: string, generation: number): GeminiModel["lowestLevel"] {
  return name.includes("flash") && generation < 307 ? "minimal" : "low";
}
