import { readTokenCount, toldUsage, type Usage } from "#lib/contract/usage.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";

/** The counters that Anthropic reports; absent ones keep what an earlier event said. */
export interface ClaudeUsage {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  output: number;
  thinking: number;
}

export const NOTHING_USED: ClaudeUsage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  thinking: 0,
};

/**
 * A `usage` object read over earlier counts. Counts in a stream are cumulative, and later events
 * leave some out, so a given counter replaces the earlier one and nothing is ever added up.
 */
export function readUsage(value: unknown, before: ClaudeUsage = NOTHING_USED): ClaudeUsage {
  const usage = isRecord(value) ? value : {};
  const split = isRecord(usage["cache_creation"]) ? usage["cache_creation"] : {};
  const details = isRecord(usage["output_tokens_details"]) ? usage["output_tokens_details"] : {};
  return {
    input: readTokenCount(usage["input_tokens"]) ?? before.input,
    cacheRead: readTokenCount(usage["cache_read_input_tokens"]) ?? before.cacheRead,
    cacheWrite: readTokenCount(usage["cache_creation_input_tokens"]) ?? before.cacheWrite,
    cacheWrite5m: readTokenCount(split["ephemeral_5m_input_tokens"]) ?? before.cacheWrite5m,
    cacheWrite1h: readTokenCount(split["ephemeral_1h_input_tokens"]) ?? before.cacheWrite1h,
    output: readTokenCount(usage["output_tokens"]) ?? before.output,
    thinking: readTokenCount(details["thinking_tokens"]) ?? before.thinking,
  };
}

/**
 * The counts in the normal form; `undefined` where they tell nothing. Anthropic's `input_tokens` are the fresh ones alone. Written tokens
 * that the split does not account for are of the five-minute kind, which is Anthropic's default.
 */
export function normalUsage(usage: ClaudeUsage): Usage | undefined {
  const written = Math.max(usage.cacheWrite, usage.cacheWrite5m + usage.cacheWrite1h);
  return toldUsage({
    input: usage.input,
    cacheRead: usage.cacheRead,
    cacheWrite5m: written - usage.cacheWrite1h,
    cacheWrite1h: usage.cacheWrite1h,
    output: usage.output,
    reasoning: Math.min(usage.thinking, usage.output),
    audioIn: 0,
    audioOut: 0,
  });
}
