/**
 * Token counts in the one normal form in which they are priced. The parts never overlap: a token
 * is fresh input, or read from a cache, or written to one; reasoning and audio are *shares* of
 * output and input that carry a price of their own.
 */
export interface Usage {
  /** Fresh text input: neither read from a cache nor written to one, audio left out. */
  input: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  /** All output but audio; reasoning is included. */
  output: number;
  /** The share of `output` that was reasoning. */
  reasoning: number;
  audioIn: number;
  audioOut: number;
}

export const NO_USAGE: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioIn: 0,
  audioOut: 0,
};

/** Usage as OpenAI's Chat Completions reports it. */
export interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: {
    cached_tokens?: number | null;
    cache_write_tokens?: number | null;
    audio_tokens?: number | null;
  } | null;
  completion_tokens_details?: {
    reasoning_tokens?: number | null;
    audio_tokens?: number | null;
    accepted_prediction_tokens?: number | null;
    rejected_prediction_tokens?: number | null;
  } | null;
}

/** The most that a single count is believed; the columns of the request log hold no more. */
const MAX_TOKENS = 2 ** 31 - 1;

/**
 * A count that an upstream claims, as far as it can be believed: a whole number from 0 to 2³¹−1.
 * `undefined` for what is no count at all, such as text, a negative number or `NaN`.
 */
export function readTokenCount(claim: unknown): number | undefined {
  return typeof claim === "number" && claim >= 0
    ? Math.min(Math.floor(claim), MAX_TOKENS)
    : undefined;
}

/** As `readTokenCount`; what is no count is none. */
export function tokenCountOf(claim: unknown): number {
  return readTokenCount(claim) ?? 0;
}

/**
 * OpenAI's figures in the normal form. OpenAI counts cached, written and audio tokens inside
 * `prompt_tokens`, so they are taken out; no part falls below zero whatever an upstream claims.
 */
export function usageOfChat(usage: Partial<ChatUsage>): Usage {
  const prompt = usage.prompt_tokens_details ?? {};
  const completion = usage.completion_tokens_details ?? {};
  const total = tokenCountOf(usage.prompt_tokens);
  const cacheRead = Math.min(tokenCountOf(prompt.cached_tokens), total);
  const cacheWrite = Math.min(tokenCountOf(prompt.cache_write_tokens), total - cacheRead);
  const audioIn = Math.min(tokenCountOf(prompt.audio_tokens), total - cacheRead - cacheWrite);
  const completionTokens = tokenCountOf(usage.completion_tokens);
  const audioOut = Math.min(tokenCountOf(completion.audio_tokens), completionTokens);
  return {
    input: total - cacheRead - cacheWrite - audioIn,
    cacheRead,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: 0,
    output: completionTokens - audioOut,
    reasoning: Math.min(tokenCountOf(completion.reasoning_tokens), completionTokens - audioOut),
    audioIn,
    audioOut,
  };
}

/** The normal form as OpenAI reports it, totals recomputed. */
export function chatUsageOf(usage: Usage): ChatUsage {
  const cacheWrite = usage.cacheWrite5m + usage.cacheWrite1h;
  const prompt = usage.input + usage.cacheRead + cacheWrite + usage.audioIn;
  const completion = usage.output + usage.audioOut;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: cacheWrite,
      audio_tokens: usage.audioIn,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: usage.audioOut,
    },
  };
}

/**
 * A report as far as it tells anything: `undefined` where every count is zero, for no answer costs
 * nothing, and what is not told is counted by the gateway.
 */
export function toldUsage(usage: Usage): Usage | undefined {
  return totalTokens(usage) === 0 ? undefined : usage;
}

/** Every token that a tokens-per-minute limit counts. */
export function totalTokens(usage: Usage): number {
  return (
    usage.input +
    usage.cacheRead +
    usage.cacheWrite5m +
    usage.cacheWrite1h +
    usage.audioIn +
    usage.output +
    usage.audioOut
  );
}
