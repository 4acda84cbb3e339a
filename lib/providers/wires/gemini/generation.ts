import type { ChatRequest } from "#lib/contract/chat.ts";
import { type Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { askedMaxTokens } from "#lib/providers/codec/field-classes.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { FormatPlan } from "./format.ts";
import type { GeminiModel } from "./models.ts";
import { thinkingConfig } from "./thinking.ts";

type Json = Record<string, unknown>;

interface GenerationOptions {
  model: GeminiModel;
  adjust: Adjustments;
  format: FormatPlan;
}

const MAX_STOPS = 5;
const MAX_CANDIDATES = 8;
const INT32_MOST = 2_147_483_647;
const INT32_LEAST = -2_147_483_648;
const MODALITIES: ReadonlyMap<string, string> = new Map([
  ["text", "TEXT"],
  ["image", "IMAGE"],
]);

/** Numbers that Gemini takes in OpenAI's ranges under names of its own. */
const RENAMED = [
  ["temperature", "temperature"],
  ["top_p", "topP"],
  ["top_k", "topK"],
  ["presence_penalty", "presencePenalty"],
  ["frequency_penalty", "frequencyPenalty"],
] as const;

/**
 * `generationConfig`: how the answer is made. Values out of Gemini's range are refused by name. The
 * caller's own `generationConfig` fills in what OpenAI's fields left open.
 */
export function generationFields(request: ChatRequest, options: GenerationOptions): Json {
  const { adjust, format } = options;
  const fields: Json = {};
  const maxTokens = askedMaxTokens(request, adjust);
  if (maxTokens !== undefined) {
    fields["maxOutputTokens"] = maxTokens;
  }
  for (const [name, own] of RENAMED) {
    if (isGiven(request[name])) {
      fields[own] = request[name];
    }
  }
  const thinking = thinkingConfig(request, options);
  return {
    ...ownConfig(request),
    ...fields,
    ...stopField(request, adjust),
    ...candidateField(request, adjust),
    ...seedField(request, adjust),
    ...logprobFields(request, adjust),
    ...modalityField(request, adjust),
    ...(format.kind === "native" ? format.fields : {}),
    ...(thinking === undefined ? {} : { thinkingConfig: thinking }),
  };
}

function ownConfig(request: ChatRequest): Json {
  const own = request["generationConfig"] ?? request["generation_config"];
  return isRecord(own) ? own : {};
}

function stopField(request: ChatRequest, adjust: Adjustments): Json {
  if (!isGiven(request.stop)) {
    return {};
  }
  const sequences = typeof request.stop === "string" ? [request.stop] : request.stop;
  if (sequences.length > MAX_STOPS) {
    adjust.refuse(
      "stop",
      `Gemini's models take at most ${MAX_STOPS} stop sequences.`,
      "unsupported_value",
    );
    return {};
  }
  return sequences.length === 0 ? {} : { stopSequences: sequences };
}

function candidateField(request: ChatRequest, adjust: Adjustments): Json {
  const { n } = request;
  if (!isGiven(n) || n === 1) {
    return {};
  }
  if (n > MAX_CANDIDATES) {
    adjust.refuse(
      "n",
      `Gemini's models give at most ${MAX_CANDIDATES} answers at once.`,
      "unsupported_value",
    );
    return {};
  }
  return { candidateCount: n };
}

function seedField(request: ChatRequest, adjust: Adjustments): Json {
  const { seed } = request;
  if (!isGiven(seed)) {
    return {};
  }
  if (!Number.isInteger(seed) || seed < INT32_LEAST || seed > INT32_MOST) {
    adjust.refuse("seed", "Gemini's seeds are 32-bit integers.", "unsupported_value");
    return {};
  }
  return { seed };
}

function logprobFields(request: ChatRequest, adjust: Adjustments): Json {
  if (request.logprobs !== true) {
    if (isGiven(request.top_logprobs) && request.top_logprobs > 0) {
      adjust.refuse("top_logprobs", "'top_logprobs' needs 'logprobs'.", "unsupported_value");
    }
    return {};
  }
  const top = request.top_logprobs;
  return { responseLogprobs: true, ...(isGiven(top) && top > 0 ? { logprobs: top } : {}) };
}

function modalityField(request: ChatRequest, adjust: Adjustments): Json {
  const asked = request.modalities ?? [];
  if (asked.every((modality) => modality === "text")) {
    return {};
  }
  const known = asked.flatMap((modality) => MODALITIES.get(modality) ?? []);
  if (known.length < asked.length) {
    adjust.refuse(
      "modalities",
      "Gemini's models answer with text and images here.",
      "unsupported_value",
    );
  }
  return known.length === 0 ? {} : { responseModalities: known };
}
