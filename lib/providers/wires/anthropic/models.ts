/** What a Claude model accepts, by its generation (Claude API docs, "Models overview"). */
export interface ClaudeModel {
  /** The most tokens it can answer with; the `max_tokens` of a request that names none. */
  maxOutput: number;
  /**
   * How thinking is asked for: not at all, by a budget of tokens, or by effort with the model
   * deciding how long it thinks.
   */
  thinking: "none" | "budget" | "adaptive";
  /** Whether `xhigh` is an effort of its own. */
  knowsXhigh: boolean;
  /** `free`; `either`: temperature or top_p, not both; `fixed`: neither may differ from its default. */
  sampling: "free" | "either" | "fixed";
  /** Whether answers and tool inputs can be held to a JSON schema natively. */
  knowsSchemas: boolean;
  /** Whether a conversation may end with the beginning of the model's own answer. */
  takesPrefill: boolean;
}

const NEWEST = 9999;

/** `claude-opus-4-6`, `claude-sonnet-5`, `claude-opus-4-20250514`, also inside longer ids. */
const FAMILY_FIRST = /claude-([a-z]+)-(\d{1,2})(?:[-.](\d{1,2})(?!\d))?(?!\d)/;
/** `claude-3-5-sonnet-20241022`, `claude-3-opus-20240229`, `claude-2.1`. */
const NUMBER_FIRST = /claude-(\d{1,2})(?:[-.](\d{1,2})(?!\d))?(?!\d)/;

/** What `modelName` accepts. An id of no known pattern counts as the newest generation. */
export function claudeModel(modelName: string): ClaudeModel {
  const { family, generation, isKnown } = identify(modelName.toLowerCase());
  const isNewest = generation >= 406;
  return {
    maxOutput: maxOutputOf(family, generation),
    thinking: isNewest ? "adaptive" : generation >= 307 ? "budget" : "none",
    knowsXhigh: generation >= 407,
    // An unknown model is asked as the caller wishes, and refuses by itself what it cannot take.
    sampling: samplingOf(isKnown ? generation : 0),
    knowsSchemas: generation >= 405,
    takesPrefill: !isNewest,
  };
}

interface Identity {
  family: string;
  /** 100 × major + minor: 405 is 4.5. */
  generation: number;
  isKnown: boolean;
}

function identify(name: string): Identity {
  const familyFirst = FAMILY_FIRST.exec(name);
  if (familyFirst !== null) {
    const [, family = "", major, minor] = familyFirst;
    return { family, generation: generationOf(major, minor), isKnown: true };
  }
  const numberFirst = NUMBER_FIRST.exec(name);
  if (numberFirst !== null) {
    return { family: "", generation: generationOf(numberFirst[1], numberFirst[2]), isKnown: true };
  }
  return { family: "", generation: NEWEST, isKnown: false };
}

function generationOf(major: string | undefined, minor: string | undefined): number {
  return Number(major ?? 0) * 100 + Number(minor ?? 0);
}

function samplingOf(generation: number): ClaudeModel["sampling"] {
  if (generation >= 407) {
    return "fixed";
  }
  return generation >= 405 ? "either" : "free";
}

function maxOutputOf(family: string, generation: number): number {
  if (generation >= 406) {
    return 128_000;
  }
  if (generation === 405 || generation === 307 || (generation >= 400 && family !== "opus")) {
    return 64_000;
  }
  return generation >= 400 ? 32_000 : 4096;
}
