import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROVIDERS } from "#lib/catalog/providers.ts";
import type { StreamEvent } from "#lib/contract/answer.ts";
import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { type ConduitError, isConduitError } from "#lib/errors.ts";
import type { Codec, DecodeContext, EncodeContext, Wire } from "#lib/providers/wire.ts";
import { assembleChat, type ReadAnswer, readCompletion } from "#lib/testing/chat-assembly.ts";
import { testDeployment } from "#lib/testing/wire-contexts.ts";
import {
  type AnswerCase,
  CASES,
  type CaseName,
  type ExpectedAnswer,
  type ProviderFixtures,
} from "./__fixtures__/fixture.ts";
import { getWire } from "./index.ts";

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const TOOLS: ChatRequest["tools"] = [
  {
    type: "function",
    function: {
      name: "weather",
      description: "The weather of a place",
      parameters: { type: "object", properties: { location: { type: "string" } } },
    },
  },
  {
    type: "function",
    function: { name: "update", parameters: { type: "object", properties: {} } },
  },
];

/** What a client asks in each case; a fixture may ask something else. */
const REQUESTS: Record<CaseName, Partial<ChatRequest>> = {
  text: { messages: [{ role: "user", content: "Say hi" }] },
  reasoning: { messages: [{ role: "user", content: "2+2?" }], reasoning_effort: "high" },
  tools: { messages: [{ role: "user", content: "Weather in SF?" }], tools: TOOLS },
  parallelToolsAfterText: {
    messages: [{ role: "user", content: "Weather in SF and LA?" }],
    tools: TOOLS,
  },
  toolWithoutArguments: { messages: [{ role: "user", content: "Update" }], tools: TOOLS },
  jsonSchema: {
    messages: [{ role: "user", content: "A city" }],
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "city",
        schema: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: false,
        },
        strict: true,
      },
    },
  },
  image: {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: PIXEL } },
        ],
      },
    ],
  },
  length: { messages: [{ role: "user", content: "Tell a story" }], max_tokens: 16 },
  refusal: { messages: [{ role: "user", content: "How do I build a bomb?" }] },
};

const folder = new URL("./__fixtures__/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "fixture.ts");
const recordings = await Promise.all(
  files.map(async (name) => {
    const loaded = (await import(new URL(name, folder).href)) as { fixtures: ProviderFixtures };
    return loaded.fixtures;
  }),
);

interface Bench {
  wire: Wire;
  chat: Codec<ChatRequest>;
  encodeContext: EncodeContext;
}

function benchOf({ provider, modelName }: ProviderFixtures): Bench {
  const wire = getWire(PROVIDERS[provider].wire);
  if (wire.chat === undefined) {
    throw new Error(`${provider} serves no chat`);
  }
  return {
    wire,
    chat: wire.chat,
    encodeContext: {
      deployment: testDeployment(provider, { modelName }),
      provider: PROVIDERS[provider],
      carried: { get: () => undefined },
    },
  };
}

function encodeCase(bench: Bench, name: CaseName, answer: AnswerCase, stream: boolean) {
  const request = chatRequest.parse({
    model: "asked-for",
    ...(answer.request ?? REQUESTS[name]),
    ...(stream ? { stream: true } : {}),
  });
  const encoded = bench.chat.encode(request, bench.encodeContext);
  const context: DecodeContext = {
    endpoint: "chat",
    deployment: bench.encodeContext.deployment,
    provider: bench.encodeContext.provider,
    request,
    emulation: encoded.emulation,
    requestId: "0197f0a0-0000-7000-8000-00000000000a",
    created: 1_764_000_000,
    keep: () => undefined,
  };
  return { encoded, context };
}

async function* reads(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    yield await Promise.resolve(part);
  }
}

async function decodeAll(
  bench: Bench,
  parts: readonly Uint8Array[],
  context: DecodeContext,
): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  const decoded = bench.chat.decodeStream?.(reads(parts), context);
  if (decoded === undefined) {
    throw new Error("The wire cannot stream.");
  }
  for await (const batch of decoded) {
    if (batch.raw !== undefined) {
      assertRawIsTheEvents(batch.raw, batch.events);
    }
    events.push(...batch.events);
  }
  return events;
}

/** Raw bytes must be exactly the batch's events and never hold the end mark, which is ours to write. */
function assertRawIsTheEvents(raw: Uint8Array, events: readonly StreamEvent[]): void {
  const data = new TextDecoder()
    .decode(raw)
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim());
  expect(data).toEqual(events.map((event) => event.text));
}

async function failureOf(work: Promise<unknown>): Promise<ConduitError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isConduitError(error)) {
    throw new Error("It did not fail with our error.", { cause: error });
  }
  return error;
}

function full(expected: ExpectedAnswer, got: ReadAnswer): ReadAnswer {
  const toolCalls = (expected.toolCalls ?? []).map((call, at) => ({
    ...call,
    id: call.id === "*" ? (got.toolCalls[at]?.id ?? "no id") : call.id,
  }));
  return {
    text: expected.text ?? "",
    refusal: expected.refusal ?? "",
    reasoning: expected.reasoning ?? "",
    toolCalls,
    finishReason: expected.finishReason,
    usage: { ...NO_USAGE, ...expected.usage },
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const eachByte = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (byte) => Uint8Array.of(byte));

describe.each(recordings)("$provider", (fixtures) => {
  const bench = benchOf(fixtures);
  const present = CASES.flatMap((name) => {
    const answer = fixtures.cases[name];
    return answer === null ? [] : [{ name, answer }];
  });

  describe.each(present)("$name", ({ name, answer }) => {
    it("asks the provider in its own format", () => {
      const { encoded } = encodeCase(bench, name, answer, false);
      expect(JSON.stringify(encoded.body)).not.toContain(":null");
      if (answer.sent !== undefined) {
        expect(encoded.body).toEqual(answer.sent);
      }
    });

    it("reads a whole answer", () => {
      const { context } = encodeCase(bench, name, answer, false);
      const raw = bytesOf(JSON.stringify(answer.whole));
      const decoded = bench.chat.decode(answer.whole, context, raw);
      const got = readCompletion(decoded.body, decoded.usage);
      expect(got).toEqual(full(answer.expected, got));
    });

    it("reads a stream in one piece, and the same when it is split at every byte", async () => {
      const { context } = encodeCase(bench, name, answer, true);
      const bytes = bytesOf(answer.stream);
      const inOne = assembleChat(await decodeAll(bench, [bytes], context));
      expect(inOne).toEqual(full(answer.expected, inOne));
      const inBytes = assembleChat(await decodeAll(bench, eachByte(bytes), context));
      expect(inBytes).toEqual(full(answer.expected, inBytes));
    });

    it("reads a stream with Windows line ends and comments", async () => {
      const { context } = encodeCase(bench, name, answer, true);
      const text = `: keep-alive\n\n${answer.stream}`.replaceAll("\n", "\r\n");
      const got = assembleChat(await decodeAll(bench, [bytesOf(text)], context));
      expect(got).toEqual(full(answer.expected, got));
    });
  });

  it("calls a stream truncated wherever it is cut before its end was marked", async () => {
    const answer = fixtures.cases.text;
    if (answer === null) {
      throw new Error("Every provider answers with text.");
    }
    const { context } = encodeCase(bench, "text", answer, true);
    const end = answer.stream.indexOf(fixtures.endMark);
    expect(end).toBeGreaterThan(0);
    for (const cut of [0, 1, Math.floor(end / 3), Math.floor(end / 2), end]) {
      const error = await failureOf(
        decodeAll(bench, [bytesOf(answer.stream.slice(0, cut))], context),
      );
      const told = [error.code, error.upstream, cut];
      expect(told).toEqual(["upstream_truncated", { kind: "network" }, cut]);
    }
  });

  it("calls an event that is not JSON malformed", async () => {
    const answer = fixtures.cases.text;
    const { context } = encodeCase(bench, "text", answer ?? never(), true);
    const error = await failureOf(
      decodeAll(bench, [bytesOf('event: message\ndata: {"id": oops\n\n')], context),
    );
    expect(error.code).toBe("upstream_malformed");
  });

  it("classifies a refused rate with its wait", () => {
    const { status, headers, body, retryAfterMs } = fixtures.rateLimit;
    const error = bench.wire.decodeError({
      status,
      headers: new Map(Object.entries(headers)),
      body,
    });
    expect(error.status).toBe(429);
    expect(error.code).toBe("rate_limit_exceeded");
    expect(error.upstream?.kind).toBe("rate_limit");
    expect(error.upstream?.retryAfterMs).toBe(retryAfterMs);
  });

  it("classifies a prompt that is too long", () => {
    const { status, body } = fixtures.contextLength;
    const error = bench.wire.decodeError({ status, headers: new Map(), body });
    expect([error.status, error.code]).toEqual([400, "context_length_exceeded"]);
    expect(error.upstream?.kind).toBe("context_length");
  });

  it.skipIf(fixtures.inBandError === null)(
    "turns an error that opens a stream into a classified failure",
    async () => {
      const { stream, kind } = fixtures.inBandError ?? never();
      const { context } = encodeCase(bench, "text", fixtures.cases.text ?? never(), true);
      const error = await failureOf(decodeAll(bench, [bytesOf(stream)], context));
      expect(error.upstream?.kind).toBe(kind);
    },
  );
});

function never(): never {
  throw new Error("Nothing to test with.");
}

it("covers every wire with recordings", () => {
  const wires = new Set(recordings.map(({ provider }) => PROVIDERS[provider].wire));
  expect([...wires].sort()).toEqual(
    [...new Set(Object.values(PROVIDERS).map((row) => row.wire))].sort(),
  );
});
