import type { ChatRequest } from "#lib/contract/chat.ts";
import { type Adjustments, isGiven } from "./adjust.ts";

/** Every documented field of a chat request; anything else is an extension of some provider. */
const CHAT_FIELDS: ReadonlySet<string> = new Set([
  "audio",
  "frequency_penalty",
  "function_call",
  "functions",
  "logit_bias",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "messages",
  "metadata",
  "modalities",
  "model",
  "moderation",
  "n",
  "parallel_tool_calls",
  "prediction",
  "presence_penalty",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning_effort",
  "response_format",
  "safety_identifier",
  "seed",
  "service_tier",
  "stop",
  "store",
  "stream",
  "stream_options",
  "temperature",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "user",
  "verbosity",
  "web_search_options",
]);

/** Fields of the contract class, each with the values that ask for nothing and may be left out. */
export type ContractFields = Readonly<Record<string, (value: unknown) => boolean>>;

const never = (): boolean => false;
const zero = (value: unknown): boolean => value === 0;
const empty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** The contract fields that only OpenAI's own format knows, by the rule that finds them harmless. */
export const CONTRACT_FIELDS = {
  audio: never,
  frequency_penalty: zero,
  function_call: (value: unknown) => value === "auto" || value === "none",
  functions: empty,
  logit_bias: empty,
  logprobs: (value: unknown) => value === false,
  modalities: (value: unknown) =>
    Array.isArray(value) && value.every((modality) => modality === "text"),
  moderation: never,
  n: (value: unknown) => value === 1,
  presence_penalty: zero,
  top_logprobs: zero,
  web_search_options: never,
} as const satisfies ContractFields;

/** Refuses every given field of the contract class by name, unless its value asks for nothing. */
export function refuseContract(
  request: ChatRequest,
  fields: ContractFields,
  options: { adjust: Adjustments; label: string },
): void {
  for (const [name, isHarmless] of Object.entries(fields)) {
    const value = request[name];
    if (isGiven(value) && !isHarmless(value)) {
      options.adjust.refuse(name, `'${name}' is not supported by ${options.label}.`);
    }
  }
}

/** The longest answer that the caller asked for; of two names for it the newer one counts. */
export function askedMaxTokens(request: ChatRequest, adjust: Adjustments): number | undefined {
  const newer = request.max_completion_tokens;
  const older = request.max_tokens;
  if (isGiven(newer) && isGiven(older) && newer !== older) {
    adjust.report("max_tokens");
  }
  return newer ?? older ?? undefined;
}

/** Reports hints that the provider has no field for; the encoder leaves them out. */
export function leaveOutHints(
  request: ChatRequest,
  names: readonly string[],
  adjust: Adjustments,
): void {
  for (const name of names) {
    if (isGiven(request[name])) {
      adjust.report(name);
    }
  }
  if (isGiven(request.stream_options?.["include_obfuscation"])) {
    adjust.report("stream_options.include_obfuscation");
  }
}

/** The caller's fields beyond OpenAI's own. Nulls are left out: no provider is sent one. */
export function extensionsOf(request: ChatRequest): [name: string, value: unknown][] {
  return Object.entries(request).filter(
    ([name, value]) => !CHAT_FIELDS.has(name) && isGiven(value),
  );
}

/**
 * Writes the caller's extension fields into the body. A field that the wire does not know goes to
 * the provider untouched, which then takes it or refuses it by name; where the deployment allows
 * dropping, it is left out and reported instead. A field that the wire has filled is refused,
 * because one of two values would be lost.
 */
export function passExtensions(
  body: Record<string, unknown>,
  extensions: readonly [name: string, value: unknown][],
  options: { known: ReadonlySet<string>; allowDropping: boolean; adjust: Adjustments },
): void {
  for (const [name, value] of extensions) {
    if (Object.hasOwn(body, name)) {
      options.adjust.refuse(name, `'${name}' is already set by a field of OpenAI's format.`);
    } else if (options.allowDropping && !options.known.has(name)) {
      options.adjust.report(name);
    } else {
      body[name] = value;
    }
  }
}
