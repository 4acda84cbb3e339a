import {
  type ChatUsage,
  tokenCountOf,
  toldUsage,
  type Usage,
  usageOfChat,
} from "#lib/contract/usage.ts";
import { isRecord } from "./tool-arguments.ts";

export interface ReadUsage {
  /** In the normal form. */
  usage: Usage;
  /** For the client: the upstream's own figures, corrected where they were not OpenAI's. */
  figures: ChatUsage;
  corrected: boolean;
}

/**
 * The `usage` of an OpenAI-like answer in the normal form of `lib/contract/usage.ts`; `undefined`
 * where it tells nothing.
 */
export function readChatUsage(
  value: Record<string, unknown>,
  options: { reasoningOutsideCompletion?: boolean | undefined },
): ReadUsage | undefined {
  // What an upstream claims is read number by number, here and in `usageOfChat`; no part is trusted.
  const told = value as Partial<ChatUsage>;
  const prompt = tokenCountOf(told.prompt_tokens);
  let completion = tokenCountOf(told.completion_tokens);
  const reasoning = tokenCountOf(told.completion_tokens_details?.reasoning_tokens);
  // A total that is already the sum says that reasoning is inside after all.
  if (options.reasoningOutsideCompletion === true && told.total_tokens !== prompt + completion) {
    completion = tokenCountOf(completion + reasoning);
  }
  const details = promptDetails(value);
  const corrected =
    details !== undefined ||
    prompt !== told.prompt_tokens ||
    completion !== told.completion_tokens ||
    told.total_tokens !== prompt + completion;
  const figures = corrected
    ? {
        ...value,
        prompt_tokens: prompt,
        completion_tokens: completion,
        total_tokens: prompt + completion,
        ...(details === undefined ? {} : { prompt_tokens_details: details }),
      }
    : (told as ChatUsage);
  const usage = toldUsage(usageOfChat(figures));
  return usage === undefined ? undefined : { usage, figures, corrected };
}

/** Cached tokens from the places where some servers keep them; `undefined` when nothing is amiss. */
function promptDetails(value: Record<string, unknown>): Record<string, unknown> | undefined {
  const cached = value["prompt_cache_hit_tokens"] ?? value["num_cached_tokens"];
  const details = isRecord(value["prompt_tokens_details"]) ? value["prompt_tokens_details"] : {};
  return typeof cached === "number" && typeof details["cached_tokens"] !== "number"
    ? { ...details, cached_tokens: cached }
    : undefined;
}

/** Where OpenAI-like servers put usage: at the top, in Groq's own object, or inside a choice. */
export function findUsage(answer: Record<string, unknown>): Record<string, unknown> | undefined {
  if (isRecord(answer["usage"])) {
    return answer["usage"];
  }
  const groq = answer["x_groq"];
  if (isRecord(groq) && isRecord(groq["usage"])) {
    return groq["usage"];
  }
  const [choice] = Array.isArray(answer["choices"]) ? answer["choices"] : [];
  return isRecord(choice) && isRecord(choice["usage"]) ? choice["usage"] : undefined;
}
