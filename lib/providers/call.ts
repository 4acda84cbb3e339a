import type { Dispatcher } from "undici";
import { getProvider, type ProviderRow } from "#lib/catalog/providers.ts";
import type { Answer, EndpointName } from "#lib/contract/answer.ts";
import type { ChatRequest } from "#lib/contract/chat.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { keepFor, openCarry } from "./carry.ts";
import { freshDispatcher, upstreamDispatcher } from "./egress.ts";
import { fetchPublicBytes, inlineRemoteMedia } from "./media.ts";
import { type Reply, refusalOf, streamAnswer, wholeAnswer } from "./reply.ts";
import { send } from "./transport.ts";
import type { Codec, DecodeContext, EncodedRequest, Wire } from "./wire.ts";
import { getWire } from "./wires/index.ts";
import { mockReply } from "./wires/mock.ts";

/** One request for one target. */
export interface Ask {
  deployment: Deployment;
  endpoint: EndpointName;
  request: InferenceRequest;
  stream: boolean;
  /** Whose opaque provider state may be read and kept. */
  keyId: string;
  requestId: string;
  /** Unix seconds at which the request came in. */
  created: number;
  /** Gateways that the request has passed through, for the `via` header. */
  via: string;
  signal: AbortSignal;
  /** On a connection of its own, because a kept one was dead. */
  isFresh?: boolean;
  /** Set by connection tests, which go this way like every request and look at it from aside. */
  watch?: CallWatch;
}

export interface CallWatch {
  /** Used instead of the shared pool. */
  dispatcher: Dispatcher | undefined;
  /** The head of an answer came. */
  onStatus(status: number): void;
  /** What the upstream wrote to refuse the call, cleaned of secrets. */
  onRefusal(body: string): void;
}

export interface Asked {
  answer: Answer;
  /** Fields that were emulated or left out for this target. */
  adjusted: string[];
}

const FIRST_BYTE_STREAM_MS = 60_000;
/** A whole answer's head arrives only when the model has finished, so this bounds its thinking. */
const FIRST_BYTE_WHOLE_MS = 600_000;

/**
 * Asks one target and resolves when it has begun to answer. Throws a `ConduitError`: of the
 * caller's class when this target cannot take the request, otherwise with `upstream` filled in.
 */
export async function callUpstream(ask: Ask): Promise<Asked> {
  const provider = requireProvider(ask.deployment);
  const wire = getWire(provider.wire);
  const codec = requireCodec(wire, ask);
  const media = await inlineMedia(ask, provider);
  // Most wires keep no state, and their tool conversations should not wait for a look-up.
  const toolCallIds = wire.carriesState === true ? toolCallIdsOf(ask.request) : [];
  const carried = await openCarry({ keyId: ask.keyId, toolCallIds });
  const encoded = codec.encode(media.request, { deployment: ask.deployment, provider, carried });
  const context: DecodeContext = {
    endpoint: ask.endpoint,
    deployment: ask.deployment,
    provider,
    request: media.request,
    emulation: encoded.emulation,
    requestId: ask.requestId,
    created: ask.created,
    keep: keepFor(ask.keyId),
  };
  const reply = await sendEncoded(ask, provider, encoded);
  ask.watch?.onStatus(reply.status);
  if (reply.status < 200 || reply.status > 299) {
    throw await refusalOf(reply, wire, ask.watch?.onRefusal);
  }
  const answer = ask.stream
    ? await streamAnswer(reply, codec, context)
    : await wholeAnswer(reply, codec, context);
  return { answer, adjusted: [...media.adjusted, ...encoded.adjusted] };
}

function requireProvider(deployment: Deployment): ProviderRow {
  const provider = getProvider(deployment.provider);
  if (provider === undefined) {
    throw new ConduitError("internal_error", {
      message: `Deployment ${deployment.name} names a provider that this version does not know.`,
    });
  }
  return provider;
}

function requireCodec(wire: Wire, ask: Ask): Codec<InferenceRequest> {
  const codec = wire[ask.endpoint];
  if (codec === undefined) {
    throw new ConduitError("unsupported_value", {
      message: `Deployment ${ask.deployment.name} does not serve ${ask.endpoint}.`,
      param: "model",
    });
  }
  // The endpoint picked both the codec and the request's schema, which the type cannot express.
  return codec as Codec<InferenceRequest>;
}

async function inlineMedia(
  ask: Ask,
  provider: ProviderRow,
): Promise<{ request: InferenceRequest; adjusted: string[] }> {
  if (ask.endpoint !== "chat") {
    return { request: ask.request, adjusted: [] };
  }
  return await inlineRemoteMedia(ask.request as ChatRequest, {
    provider,
    modelName: ask.deployment.modelName,
    fetchBytes: (url) => fetchPublicBytes(url, ask.signal),
    signal: ask.signal,
  });
}

function toolCallIdsOf(request: InferenceRequest): string[] {
  const ids: string[] = [];
  if (!("messages" in request)) {
    return ids;
  }
  for (const message of (request as ChatRequest).messages) {
    if (message.role === "assistant" && message.tool_calls) {
      ids.push(...message.tool_calls.map((call) => call.id));
    }
  }
  return ids;
}

async function sendEncoded(
  ask: Ask,
  provider: ProviderRow,
  encoded: EncodedRequest,
): Promise<Reply> {
  if (provider.wire === "mock") {
    return mockReply({
      body: encoded.body,
      endpoint: ask.endpoint,
      deployment: ask.deployment,
      requestId: ask.requestId,
      signal: ask.signal,
    });
  }
  const reply = await send({
    dispatcher:
      ask.watch?.dispatcher ?? (ask.isFresh === true ? freshDispatcher() : upstreamDispatcher()),
    method: "POST",
    url: parsedUrl(ask.deployment.apiBase + encoded.path),
    headers: requestHeaders(ask, provider, encoded),
    body: JSON.stringify(encoded.body),
    firstByteMs:
      ask.deployment.timeoutMs ?? (ask.stream ? FIRST_BYTE_STREAM_MS : FIRST_BYTE_WHOLE_MS),
    idleMs: getEnv().streamIdleMs,
    signal: ask.signal,
  });
  return reply;
}

const MAX_PARSED_URLS = 1000;
const parsedUrls = new Map<string, URL>();

/** Parsing a URL costs more than sending to it takes; deployments have few, and callers none. */
function parsedUrl(text: string): URL {
  let url = parsedUrls.get(text);
  if (url === undefined) {
    if (parsedUrls.size >= MAX_PARSED_URLS) {
      parsedUrls.clear();
    }
    url = new URL(text);
    parsedUrls.set(text, url);
  }
  return url;
}

/** The upstream's headers are made here from nothing; none of the caller's is passed on. */
function requestHeaders(
  ask: Ask,
  provider: ProviderRow,
  encoded: EncodedRequest,
): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: ask.stream ? "text/event-stream" : "application/json",
    "user-agent": "conduit",
    via: ask.via,
    ...provider.headers,
    ...encoded.headers,
    ...authHeader(provider, ask.deployment),
  };
}

function authHeader(provider: ProviderRow, deployment: Deployment): Record<string, string> {
  const key = deployment.apiKey?.reveal();
  if (key === undefined) {
    return {};
  }
  switch (provider.auth.kind) {
    case "bearer":
      return { authorization: `Bearer ${key}` };
    case "header":
      return { [provider.auth.name]: key };
    case "none":
      return {};
    default:
      return provider.auth satisfies never;
  }
}
