import { setTimeout as sleep } from "node:timers/promises";
import type { EndpointName } from "#lib/contract/answer.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { decodeChatAnswer } from "#lib/providers/codec/chat-answer.ts";
import { decodeChatStream } from "#lib/providers/codec/chat-stream.ts";
import { decodeEmbeddingsAnswer } from "#lib/providers/codec/embeddings-answer.ts";
import { errorOfReply } from "#lib/providers/codec/error-reply.ts";
import { CONTRACT_FIELDS, refuseContract } from "#lib/providers/codec/field-classes.ts";
import { decodeModerationsAnswer } from "#lib/providers/codec/moderations-answer.ts";
import type { Wire } from "#lib/providers/wire.ts";
import { mockChat, mockChatStream } from "./mock/chat.ts";
import { mockEmbeddings } from "./mock/embeddings.ts";
import { hashText } from "./mock/hash.ts";
import { mockModerations } from "./mock/moderations.ts";

const MAX_DIMENSIONS = 4096;

/** What the mock cannot do: `n`, penalties and token biases mean nothing to an echo. */
const { n, frequency_penalty, presence_penalty, logit_bias, ...CONTRACT } = CONTRACT_FIELDS;

/** The mock speaks OpenAI's format, so that its answers take the same way as any provider's. */
export const mock: Wire = {
  chat: {
    encode(request, { deployment, provider }) {
      const adjust = new Adjustments(deployment);
      refuseContract(request, CONTRACT, { adjust, label: provider.label });
      const body: Record<string, unknown> = { ...request, model: deployment.modelName };
      for (const name of Object.keys(CONTRACT)) {
        if (isGiven(body[name])) {
          adjust.report(name);
        }
        delete body[name];
      }
      return { path: "/chat/completions", body, adjusted: adjust.list(), emulation: {} };
    },
    decode: decodeChatAnswer,
    decodeStream: decodeChatStream,
  },
  embeddings: {
    encode(request, { deployment }) {
      refuseHugeVectors(request["dimensions"]);
      const body = { ...request, model: deployment.modelName };
      return { path: "/embeddings", body, adjusted: [], emulation: {} };
    },
    decode: decodeEmbeddingsAnswer,
  },
  moderations: {
    encode(request, { deployment }) {
      const body = { ...request, model: deployment.modelName };
      return { path: "/moderations", body, adjusted: [], emulation: {} };
    },
    decode: decodeModerationsAnswer,
  },
  decodeError: errorOfReply,
};

/** Throws 400 for vectors longer than any model gives: the mock would make them all the same. */
function refuseHugeVectors(dimensions: unknown): void {
  if (typeof dimensions === "number" && dimensions > MAX_DIMENSIONS) {
    throw new ConduitError("invalid_value", {
      message: `'dimensions' is at most ${MAX_DIMENSIONS} here.`,
      param: "dimensions",
    });
  }
}

export interface MockCall {
  /** What `encode` made of the request. */
  body: Record<string, unknown>;
  endpoint: EndpointName;
  deployment: Deployment;
  requestId: string;
  signal: AbortSignal;
}

export interface MockReply {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

const encoder = new TextEncoder();

/**
 * Answers in a provider's place, without a network. The same call always gets the same answer; what
 * it is, and how slow or faulty, stands in the deployment's settings (`catalog/providers.ts`).
 * Rejects with the signal's reason when the call is given up.
 */
export async function mockReply(call: MockCall): Promise<MockReply> {
  const { deployment, signal } = call;
  await pause(numberSetting(deployment, "latency_ms", 0), signal);
  if (fails(call)) {
    return json(errorStatus(deployment), {
      error: {
        message: "The mock was told to fail this request.",
        type: "server_error",
        param: null,
        code: null,
      },
    });
  }
  if (call.endpoint === "embeddings") {
    const dimensions = Math.min(numberSetting(deployment, "dimensions", 256), MAX_DIMENSIONS);
    return json(200, mockEmbeddings(call.body, dimensions));
  }
  if (call.endpoint === "moderations") {
    return json(200, mockModerations(call));
  }
  if (call.body["stream"] !== true) {
    return json(200, mockChat(call));
  }
  return {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
    body: streamOf(mockChatStream(call), {
      delayMs: numberSetting(deployment, "chunk_delay_ms", 0),
      signal,
    }),
  };
}

/** Whether this request is among the share that fails: by its id, so a test can foresee it. */
function fails({ deployment, requestId }: MockCall): boolean {
  const rate = numberSetting(deployment, "error_rate", 0);
  return rate > 0 && hashText(`${deployment.id} ${requestId}`) / 2 ** 32 < rate;
}

function errorStatus(deployment: Deployment): number {
  const status = Math.trunc(numberSetting(deployment, "error_status", 500));
  return status >= 400 && status <= 599 ? status : 500;
}

function numberSetting(deployment: Deployment, name: string, otherwise: number): number {
  const value = Number(deployment.settings[name] ?? otherwise);
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
}

function json(status: number, body: unknown): MockReply {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: once(encoder.encode(JSON.stringify(body))),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function* streamOf(
  steps: Iterable<readonly Record<string, unknown>[]>,
  pace: { delayMs: number; signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  let first = true;
  for (const step of steps) {
    if (!first) {
      await pause(pace.delayMs, pace.signal);
    }
    first = false;
    pace.signal.throwIfAborted();
    yield encoder.encode(step.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
  }
  yield encoder.encode("data: [DONE]\n\n");
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms > 0) {
    // Node's timer rejects with an error of its own; the caller's reason is what counts.
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
