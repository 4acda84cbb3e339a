import type { ProviderId } from "#lib/catalog/providers.ts";
import type { ChatRequest, FinishReason } from "#lib/contract/chat.ts";
import type { Usage } from "#lib/contract/usage.ts";
import type { UpstreamFailure } from "#lib/errors.ts";

/** The cases that every wire that serves chat has a recording of. */
export const CASES = [
  "text",
  "reasoning",
  "tools",
  "parallelToolsAfterText",
  "toolWithoutArguments",
  "jsonSchema",
  "image",
  "length",
  "refusal",
] as const;
export type CaseName = (typeof CASES)[number];

/**
 * What one provider sends, in shapes as recorded with values shortened. Every file in this folder
 * but this one exports `fixtures` of this form, and the shared suite runs them all.
 */
export interface ProviderFixtures {
  provider: ProviderId;
  modelName: string;
  /** `null` for a case that the provider has no form of, with the reason in a comment. */
  cases: Readonly<Record<CaseName, AnswerCase | null>>;
  /** Text in the stream of the case `text` after which an end counts as complete. */
  endMark: string;
  rateLimit: {
    status: number;
    headers: Readonly<Record<string, string>>;
    body: string;
    retryAfterMs: number | undefined;
  };
  /** A stream with status 200 whose first event is an error; `null` where none is known. */
  inBandError: { stream: string; kind: UpstreamFailure["kind"] } | null;
  /** A prompt that does not fit. */
  contextLength: { status: number; body: string };
}

export interface AnswerCase {
  /** Takes the place of the suite's own request for this case. */
  request?: Partial<ChatRequest>;
  /** The body that must go to the provider for the whole request, exactly. */
  sent?: Record<string, unknown>;
  /** The provider's whole answer, as JSON. */
  whole: unknown;
  /** The provider's stream, as text. */
  stream: string;
  expected: ExpectedAnswer;
}

export interface ExpectedAnswer {
  text?: string;
  refusal?: string;
  reasoning?: string;
  /** Arguments are compared as text. An id of `*` stands for any id that the gateway made. */
  toolCalls?: readonly { id: string; name: string; arguments: string }[];
  finishReason: FinishReason;
  /** In the normal form; parts left out are 0. */
  usage: Partial<Usage>;
}

/** Events without names, as OpenAI's streams have them, closed by `[DONE]`. */
export function dataStream(...events: readonly unknown[]): string {
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
}
