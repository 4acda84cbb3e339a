import { describe, expect, it } from "vitest";
import { PROVIDERS } from "#lib/catalog/providers.ts";
import type { EndpointName } from "#lib/contract/answer.ts";
import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import type { EmbeddingsRequest } from "#lib/contract/embeddings.ts";
import { newId } from "#lib/ids.ts";
import type { Codec, DecodeContext } from "#lib/providers/wire.ts";
import { assembleChat, readCompletion } from "#lib/testing/chat-assembly.ts";
import { testDeployment } from "#lib/testing/wire-contexts.ts";
import { mock, mockReply } from "./mock.ts";

const REQUEST_ID = "0197f0a0-0000-7000-8000-00000000000a";
const WEATHER = {
  type: "function",
  function: {
    name: "weather",
    parameters: {
      type: "object",
      properties: { location: { type: "string" }, days: { type: "integer", minimum: 1 } },
      required: ["location", "days"],
    },
  },
};

interface Options {
  settings?: Record<string, string | number | boolean>;
  requestId?: string;
  signal?: AbortSignal;
}

function call(endpoint: EndpointName, request: ChatRequest | EmbeddingsRequest, options: Options) {
  const deployment = testDeployment("mock", { settings: options.settings ?? {} });
  const provider = PROVIDERS.mock;
  // The endpoint picks the codec and the request together.
  const codec = mock[endpoint] as Codec<ChatRequest | EmbeddingsRequest>;
  const encoded = codec.encode(request, {
    deployment,
    provider,
    carried: { get: () => undefined },
  });
  const context: DecodeContext = {
    endpoint,
    deployment,
    provider,
    request,
    emulation: encoded.emulation,
    requestId: options.requestId ?? REQUEST_ID,
    created: 1,
    keep: () => undefined,
  };
  const reply = mockReply({
    body: encoded.body,
    endpoint,
    deployment,
    requestId: context.requestId,
    signal: options.signal ?? new AbortController().signal,
  });
  return { codec, context, reply };
}

async function jsonOf(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const parts: Uint8Array[] = [];
  for await (const part of body) {
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

const chat = (fields: Record<string, unknown>) => chatRequest.parse({ model: "any", ...fields });

async function whole(fields: Record<string, unknown>, options: Options = {}) {
  const { codec, context, reply } = call("chat", chat(fields), options);
  const { status, body } = await reply;
  expect(status).toBe(200);
  const decoded = codec.decode(await jsonOf(body), context, new Uint8Array());
  expect(decoded.untouched).toBe(true);
  return readCompletion(decoded.body, decoded.usage);
}

async function streamed(fields: Record<string, unknown>, options: Options = {}) {
  const { codec, context, reply } = call("chat", chat({ ...fields, stream: true }), options);
  const events = [];
  for await (const batch of codec.decodeStream?.((await reply).body, context) ?? []) {
    expect(batch.events.length === 0 || batch.raw !== undefined).toBe(true);
    events.push(...batch.events);
  }
  return assembleChat(events);
}

const user = (content: string) => ({ messages: [{ role: "user", content }] });

describe.each([
  ["whole", whole],
  ["streamed", streamed],
])("%s", (_how, answer) => {
  it("echoes the last user message and counts words", async () => {
    const got = await answer({
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", content: "Hello  brave\nnew world " },
      ],
    });
    expect(got).toMatchObject({
      text: "Hello  brave\nnew world ",
      finishReason: "stop",
      usage: { input: 6, output: 4 },
    });
  });

  it("says what the settings say", async () => {
    const got = await answer(user("Hi"), { settings: { reply: "Fixed answer" } });
    expect(got).toMatchObject({ text: "Fixed answer", usage: { input: 1, output: 2 } });
  });

  it("stops at the limit that the request sets", async () => {
    const got = await answer({ ...user("one two three four"), max_tokens: 2 });
    expect(got).toMatchObject({ text: "one two", finishReason: "length", usage: { output: 2 } });
  });

  it("calls the tool in the settings with arguments that its schema asks for", async () => {
    const got = await answer(
      { ...user("Rome"), tools: [WEATHER] },
      { settings: { tool_call: "weather" } },
    );
    expect(got.finishReason).toBe("tool_calls");
    expect(got.toolCalls).toMatchObject([
      { name: "weather", arguments: '{"location":"Rome","days":1}' },
    ]);
  });

  it("calls a tool when the request insists, and answers once it has the result", async () => {
    const asked = { ...user("Rome"), tools: [WEATHER], tool_choice: "required" };
    const [called] = (await answer(asked)).toolCalls;
    const next = await answer({
      tools: [WEATHER],
      messages: [
        ...asked.messages,
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: called?.id, type: "function", function: called }],
        },
        { role: "tool", tool_call_id: called?.id, content: "sunny" },
      ],
    });
    expect(next).toMatchObject({ text: "sunny", toolCalls: [], finishReason: "stop" });
  });

  it("answers in the schema that was asked for", async () => {
    const schema = {
      type: "object",
      properties: {
        city: { type: "string" },
        kind: { enum: ["big", "small"] },
        at: { $ref: "#/$defs/place" },
        tags: { type: "array", items: { type: "string" }, minItems: 1 },
        height: { anyOf: [{ type: "null" }, { type: "number" }] },
      },
      required: ["city", "kind", "at", "tags", "height"],
      $defs: {
        place: { type: "object", properties: { lat: { type: "number" } }, required: ["lat"] },
      },
    };
    const got = await answer({
      ...user("Rome"),
      response_format: { type: "json_schema", json_schema: { name: "city", schema } },
    });
    expect(JSON.parse(got.text)).toEqual({
      city: "Rome",
      kind: "big",
      at: { lat: 0 },
      tags: ["Rome"],
      height: null,
    });
  });
});

it("gives the same answer to the same call", async () => {
  const read = async () => jsonOf((await call("chat", chat(user("Hi")), {}).reply).body);
  expect(await read()).toEqual(await read());
});

it("gives as many choices as were asked for", async () => {
  const { reply } = call("chat", chat({ ...user("Hi"), n: 3 }), {});
  expect(await jsonOf((await reply).body)).toMatchObject({
    choices: [{ index: 0 }, { index: 1 }, { index: 2 }],
    usage: { completion_tokens: 3 },
  });
});

describe("faults", () => {
  it("fail the chosen share of requests, each always the same way", async () => {
    const settings = { error_rate: 0.3, error_status: 429 };
    const ids = Array.from({ length: 1000 }, () => newId());
    const statuses = async () =>
      Promise.all(
        ids.map(async (requestId) => {
          const { reply } = call("chat", chat(user("Hi")), { settings, requestId });
          return (await reply).status;
        }),
      );
    const first = await statuses();
    const failed = first.filter((status) => status === 429).length;
    expect(failed).toBeGreaterThan(230);
    expect(failed).toBeLessThan(370);
    expect(await statuses()).toEqual(first);
  });

  it("come in OpenAI's shape, classified like any provider's", async () => {
    const { reply } = call("chat", chat(user("Hi")), { settings: { error_rate: 1 } });
    const { status, body } = await reply;
    expect(status).toBe(500);
    const error = mock.decodeError({
      status,
      headers: new Map(),
      body: JSON.stringify(await jsonOf(body)),
    });
    expect(error.upstream?.kind).toBe("server");
  });

  it("end early when the call is given up, with its reason", async () => {
    const controller = new AbortController();
    const { reply } = call("chat", chat(user("Hi")), {
      settings: { latency_ms: 60_000 },
      signal: controller.signal,
    });
    const reason = new Error("gone");
    controller.abort(reason);
    await expect(reply).rejects.toBe(reason);
  });
});

describe("embeddings", () => {
  const vectors = async (
    fields: Partial<EmbeddingsRequest>,
    settings: Options["settings"] = {},
  ): Promise<{ embedding: number[] | string }[]> => {
    const request: EmbeddingsRequest = { model: "any", input: "a b", ...fields };
    const { codec, context, reply } = call("embeddings", request, { settings });
    const { body } = codec.decode(await jsonOf((await reply).body), context, new Uint8Array());
    return body["data"] as { embedding: number[] | string }[];
  };

  it("are unit vectors that the text alone determines", async () => {
    const [one, other, again] = await vectors({ input: ["cat", "dog", "cat"] });
    expect(one?.embedding).toHaveLength(256);
    expect(Math.hypot(...((one?.embedding ?? []) as number[]))).toBeCloseTo(1, 10);
    expect(again?.embedding).toEqual(one?.embedding);
    expect(other?.embedding).not.toEqual(one?.embedding);
  });

  it("have the length that the request or the settings ask for", async () => {
    expect((await vectors({ dimensions: 8 }))[0]?.embedding).toHaveLength(8);
    expect((await vectors({}, { dimensions: 16 }))[0]?.embedding).toHaveLength(16);
  });

  it("come in base64 when asked", async () => {
    const [vector] = await vectors({ encoding_format: "base64", dimensions: 3 });
    expect(Buffer.from(String(vector?.embedding), "base64")).toHaveLength(12);
  });

  it("take token numbers as one input or several", async () => {
    expect(await vectors({ input: [1, 2, 3] })).toHaveLength(1);
    expect(await vectors({ input: [[1, 2], [3]] })).toHaveLength(2);
  });
});

it("many choices of a long answer come in a bounded number of chunks", async () => {
  const { codec, reply } = call(
    "chat",
    chat({ ...user("w ".repeat(5000)), n: 128, stream: true }),
    {},
  );
  expect(codec.decodeStream).toBeDefined();
  let chunks = 0;
  for await (const bytes of (await reply).body) {
    chunks += Buffer.from(bytes).toString("utf8").split("\n\n").length - 1;
  }
  expect(chunks).toBeGreaterThan(128 * 3);
  expect(chunks).toBeLessThan(4096 + 128 * 4);
});

it("more choices than OpenAI gives are refused, and so are vectors longer than 4096", () => {
  const messages = [{ role: "user", content: "Hi" }];
  expect(chatRequest.safeParse({ model: "m", messages, n: 128 }).success).toBe(true);
  expect(chatRequest.safeParse({ model: "m", messages, n: 129 }).success).toBe(false);
  const embed = (dimensions: number) =>
    call("embeddings", { model: "m", input: "a", dimensions }, {});
  expect(() => embed(4096)).not.toThrow();
  expect(() => embed(4097)).toThrow(expect.objectContaining({ param: "dimensions", status: 400 }));
});
