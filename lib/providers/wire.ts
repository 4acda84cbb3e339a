import type { ProviderRow } from "#lib/catalog/providers.ts";
import type { EndpointName, StreamBatch } from "#lib/contract/answer.ts";
import type { ChatRequest } from "#lib/contract/chat.ts";
import type { EmbeddingsRequest } from "#lib/contract/embeddings.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import type { ModerationsRequest } from "#lib/contract/moderations.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import type { Usage } from "#lib/contract/usage.ts";
import type { ConduitError } from "#lib/errors.ts";

/**
 * A wire is the code for one provider format: a record of pure codecs. It is given data and returns
 * data; `call.ts` alone talks to the network, and `carry.ts` alone keeps opaque state.
 */
export interface Wire {
  chat?: Codec<ChatRequest>;
  embeddings?: Codec<EmbeddingsRequest>;
  moderations?: Codec<ModerationsRequest>;
  /**
   * The upstream's refusal as our error, with `upstream` filled in. `body` is the
   * text as it came, at most 64 KiB of it; secrets are scrubbed by `call.ts`.
   */
  decodeError(reply: ErrorReply): ConduitError;
  /** Whether a model fetches images by itself; `media.ts` does it for one that does not. */
  readsRemoteImages?(modelName: string): boolean;
  /** Whether answers hold state that the next turn needs, so that `carry.ts` is worth asking. */
  carriesState?: boolean;
}

export interface ErrorReply {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}

export interface Codec<Request> {
  /**
   * The upstream's request. Throws `unsupported_parameter`, `unsupported_value` or
   * `unsupported_content` with `param` for a field that the upstream cannot serve and without which
   * the answer would be another one, unless the deployment allows dropping it.
   */
  encode(request: Request, context: EncodeContext): EncodedRequest;
  /** A whole answer in OpenAI's shape. `parsed` is the JSON of the body, `raw` its bytes. */
  decode(parsed: unknown, context: DecodeContext, raw: Uint8Array): DecodedAnswer;
  /**
   * A streamed answer, one batch per network read. Throws a `ConduitError` for the upstream's own
   * error events (`decodeError`'s classes), for an event that is not JSON (`upstream_malformed`),
   * and for a stream that ends before its end was marked (`upstream_truncated`).
   */
  decodeStream?(
    bytes: AsyncIterable<Uint8Array>,
    context: DecodeContext,
  ): AsyncIterable<StreamBatch>;
}

/** Opaque state of earlier answers, looked up before `encode` runs. See `carry.ts`. */
export interface CarriedState {
  /** What was kept for a tool call that this gateway handed out; `undefined` on a miss. */
  get(toolCallId: string): CarriedToolState | undefined;
}

/** State that a provider wants back with a tool call. */
export interface CarriedToolState {
  /** Gemini's `thoughtSignature` of the call's part. */
  thoughtSignature?: string;
  /** Anthropic's thinking blocks of the turn, unmodified and in order. */
  thinkingBlocks?: readonly Record<string, unknown>[];
}

export interface EncodeContext {
  deployment: Deployment;
  provider: ProviderRow;
  carried: CarriedState;
}

export interface EncodedRequest {
  /** Relative to the deployment's base URL, as `/chat/completions`; may hold a query. */
  path: string;
  body: Record<string, unknown>;
  /** Headers beside authentication and content type. */
  headers?: Record<string, string>;
  /** Names of fields that were emulated or left out, for `x-conduit-adjusted`. */
  adjusted: string[];
  /** Handed to the decoder: what only the encoder knows. */
  emulation: Emulation;
}

export interface Emulation {
  /** The name of the tool that stands in for `response_format`; its input is the answer's text. */
  jsonTool?: string;
  /** Provider tool-call ids by the ids that the client knows, where they had to be rewritten. */
  toolIds?: ReadonlyMap<string, string>;
}

export interface DecodeContext {
  endpoint: EndpointName;
  deployment: Deployment;
  provider: ProviderRow;
  request: InferenceRequest;
  emulation: Emulation;
  /** Our request id; an id for the answer when the provider gives none. */
  requestId: string;
  /** Unix seconds for the answer's `created` when the provider gives none. */
  created: number;
  /** Keeps opaque state for the tool calls of this answer. */
  keep(toolCallId: string, state: CarriedToolState): void;
}

export interface DecodedAnswer {
  body: Record<string, unknown>;
  /** Whether the upstream's bytes may pass on untouched. */
  untouched: boolean;
  usage?: Usage;
}
