import { getProvider, type ProviderId } from "#lib/catalog/providers.ts";
import type { StreamEvent } from "#lib/contract/answer.ts";
import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { type ConduitError, isConduitError } from "#lib/errors.ts";
import type {
  CarriedToolState,
  DecodeContext,
  DecodedAnswer,
  EncodedRequest,
  Wire,
} from "#lib/providers/wire.ts";
import { readsOf, testDeployment } from "./wire-contexts.ts";

/** A chat codec with everything around it: what it keeps comes back, as it does through `carry.ts`. */
export interface WireBench {
  encode(request: Partial<ChatRequest>): EncodedRequest;
  decode(answer: unknown, request?: Partial<ChatRequest>): DecodedAnswer;
  decodeStream(
    parts: string | readonly string[],
    request?: Partial<ChatRequest>,
  ): Promise<StreamEvent[]>;
  /** State by the tool call that it was kept for. */
  kept: Map<string, CarriedToolState>;
}

/** Sets up the chat codec of `wire` for a deployment of `provider`. */
export function benchWire(
  wire: Wire,
  provider: ProviderId,
  overrides: Partial<Deployment> = {},
): WireBench {
  const deployment = testDeployment(provider, overrides);
  const row = getProvider(provider);
  const { chat } = wire;
  if (row === undefined || chat?.decodeStream === undefined) {
    throw new Error(`${provider} serves no chat.`);
  }
  const decodeStream = chat.decodeStream.bind(chat);
  const kept = new Map<string, CarriedToolState>();
  const carried = { get: (id: string) => kept.get(id) };
  const parse = (request: Partial<ChatRequest>): ChatRequest =>
    chatRequest.parse({
      model: "asked-for",
      messages: [{ role: "user", content: "Hi" }],
      ...request,
    });
  const encode = (request: Partial<ChatRequest>): EncodedRequest =>
    chat.encode(parse(request), { deployment, provider: row, carried });
  const contextOf = (request: Partial<ChatRequest>): DecodeContext => ({
    endpoint: "chat",
    deployment,
    provider: row,
    request: parse(request),
    emulation: encode(request).emulation,
    requestId: "0197f0a0-0000-7000-8000-00000000000a",
    created: 1_764_000_000,
    keep: (id, state) => kept.set(id, state),
  });
  return {
    encode,
    decode: (answer, request = {}) =>
      chat.decode(answer, contextOf(request), new TextEncoder().encode(JSON.stringify(answer))),
    decodeStream: async (parts, request = {}) => {
      const reads = readsOf(typeof parts === "string" ? [parts] : parts);
      const events: StreamEvent[] = [];
      for await (const batch of decodeStream(reads, contextOf(request))) {
        events.push(...batch.events);
      }
      return events;
    },
    kept,
  };
}

/** The error that a call throws; throws itself when the call succeeds or throws anything else. */
export function refusalOf(call: () => unknown): ConduitError {
  try {
    call();
  } catch (error) {
    return ours(error);
  }
  throw new Error("It was not refused.");
}

/** The error that a promise rejects with; rejects itself when there is none of ours. */
export async function failureOf(work: Promise<unknown>): Promise<ConduitError> {
  try {
    await work;
  } catch (error) {
    return ours(error);
  }
  throw new Error("It did not fail.");
}

function ours(error: unknown): ConduitError {
  if (!isConduitError(error)) {
    throw new Error("It failed with an error that is not ours.", { cause: error });
  }
  return error;
}
