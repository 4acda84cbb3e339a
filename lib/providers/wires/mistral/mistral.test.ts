import { describe, expect, it } from "vitest";
import { PROVIDERS } from "#lib/catalog/providers.ts";
import { chatRequest } from "#lib/contract/chat.ts";
import { encodeVector } from "#lib/contract/embeddings.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { isConduitError } from "#lib/errors.ts";
import type { DecodeContext } from "#lib/providers/wire.ts";
import { assembleChat } from "#lib/testing/chat-assembly.ts";
import { readsOf, testDeployment } from "#lib/testing/wire-contexts.ts";
import { mistral } from "./wire.ts";

const MESSAGES = [{ role: "user", content: "Hi" }];

function encode(fields: Record<string, unknown>, overrides: Partial<Deployment> = {}) {
  const request = chatRequest.parse({ model: "asked", messages: MESSAGES, ...fields });
  const encoded = mistral.chat?.encode(request, {
    deployment: testDeployment("mistral", overrides),
    provider: PROVIDERS.mistral,
    carried: { get: () => undefined },
  });
  if (encoded === undefined) {
    throw new Error("The wire has a chat codec.");
  }
  return encoded;
}

function refusedParam(fields: Record<string, unknown>): string | null {
  try {
    encode(fields);
  } catch (error) {
    if (isConduitError(error) && error.status === 400) {
      return error.param;
    }
    throw error;
  }
  throw new Error("Nothing was refused.");
}

function contextOf(request: DecodeContext["request"]): DecodeContext {
  return {
    endpoint: "chat",
    deployment: testDeployment("mistral"),
    provider: PROVIDERS.mistral,
    request,
    emulation: {},
    requestId: "r",
    created: 1,
    keep: () => undefined,
  };
}

describe("a request", () => {
  it("holds only fields that the provider knows", () => {
    const { body, adjusted } = encode({
      user: "u",
      store: true,
      seed: 7,
      max_completion_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "user", content: "Hi", name: "ann" },
        { role: "assistant", content: "Ho", refusal: null, reasoning_content: "Hm" },
        { role: "user", content: "Hi" },
      ],
    });
    expect(body).toEqual({
      model: "model-under-test",
      stream: true,
      max_tokens: 5,
      random_seed: 7,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Ho" },
        { role: "user", content: "Hi" },
      ],
    });
    expect(adjusted.sort()).toEqual([
      "max_completion_tokens",
      "messages.name",
      "messages.reasoning_content",
      "messages.role",
      "seed",
      "store",
      "stream_options",
      "user",
    ]);
  });

  it("rewrites the ids of calls and of their results alike, and leaves good ones", () => {
    const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "" } });
    const messages = [
      ...MESSAGES,
      { role: "assistant", content: null, tool_calls: [call("toolu_01AbC"), call("gSIMJiOkT")] },
      { role: "tool", tool_call_id: "gSIMJiOkT", content: "2" },
      { role: "tool", tool_call_id: "toolu_01AbC", content: "1" },
    ];
    const sent = encode({ messages }).body["messages"] as Record<string, unknown>[];
    const calls = sent[1]?.["tool_calls"] ?? [];
    const [first, second] = calls as { id: string; function: object }[];
    expect(first?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(second?.id).toBe("gSIMJiOkT");
    expect(sent[2]?.["tool_call_id"]).toBe("gSIMJiOkT");
    expect(sent[3]?.["tool_call_id"]).toBe(first?.id);
    expect(first?.function).toEqual({ name: "f", arguments: "{}" });
    expect(encode({ messages }).body["messages"]).toEqual(sent);
  });

  it("marks a last turn of the assistant as the beginning of the answer", () => {
    const messages = [...MESSAGES, { role: "assistant", content: "Once" }];
    expect(encode({ messages }).body["messages"]).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Once", prefix: true },
    ]);
  });

  it("writes parts in the provider's way", () => {
    const content = [
      { type: "text", text: "Look", cache_control: { type: "ephemeral" } },
      { type: "image_url", image_url: { url: "https://images.test/a.png", detail: "low" } },
      { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
      { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
    ];
    const { body, adjusted } = encode({ messages: [{ role: "user", content }] });
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image_url", image_url: "https://images.test/a.png" },
          {
            type: "document_url",
            document_url: "data:application/pdf;base64,JVBE",
            document_name: "a.pdf",
          },
          { type: "input_audio", input_audio: "UklGRg==" },
        ],
      },
    ]);
    expect(adjusted).toEqual(["cache_control", "image_url.detail"]);
  });

  it.each([
    ["required", "any", ["tool_choice"]],
    ["auto", "auto", []],
    ["none", "none", []],
  ])("asks for the tool choice %s as %s", (tool_choice, sent, adjusted) => {
    const tools = [{ type: "function", function: { name: "f" } }];
    const encoded = encode({ tools, tool_choice });
    expect(encoded.body["tool_choice"]).toBe(sent);
    expect(encoded.adjusted).toEqual(adjusted);
  });

  it("sends a schema in its own field, without nulls", () => {
    const json_schema = { name: "city", schema: { type: "object" }, strict: null };
    expect(
      encode({ response_format: { type: "json_schema", json_schema } }).body["response_format"],
    ).toEqual({ type: "json_schema", json_schema: { name: "city", schema: { type: "object" } } });
  });

  it("asks for reasoning in the model's own way", () => {
    const magistral = { modelName: "magistral-medium-latest" };
    expect(encode({ reasoning_effort: "low" }, magistral).body).toMatchObject({
      prompt_mode: "reasoning",
    });
    const medium = encode({ reasoning_effort: "low" });
    expect(medium.body["reasoning_effort"]).toBe("high");
    expect(medium.adjusted).toEqual(["reasoning_effort"]);
    expect(encode({ reasoning_effort: "none" }).adjusted).toEqual([]);
  });

  it("refuses by name what it cannot do", () => {
    expect(refusedParam({ logprobs: true })).toBe("logprobs");
    expect(refusedParam({ temperature: 1.8 })).toBe("temperature");
    expect(refusedParam({ max_tokens: 4, max_completion_tokens: 5 })).toBe("max_tokens");
    const file = { type: "file", file: { file_id: "file-1" } };
    expect(refusedParam({ messages: [{ role: "user", content: [file] }] })).toBe(
      "messages[0].content[0]",
    );
    const tools = [{ type: "custom", custom: { name: "shell" } }];
    expect(refusedParam({ tools })).toBe("tools[0].type");
  });

  it("leaves out top_p where greedy sampling makes it void", () => {
    const { body, adjusted } = encode({ temperature: 0, top_p: 0.5 });
    expect(body).not.toHaveProperty("top_p");
    expect(adjusted).toEqual(["top_p"]);
  });
});

describe("a stream", () => {
  it("splits a whole tool call out of the finish chunk", async () => {
    const frame = '"id":"m1","object":"chat.completion.chunk","created":1,"model":"mistral-x"';
    const stream = [
      `data: {${frame},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null,"logprobs":null}]}\n\n`,
      `data: {${frame},"choices":[{"index":0,"delta":{"content":null,"tool_calls":[{"id":"gSIMJiOkT","function":{"name":"weather","arguments":"{\\"location\\": \\"SF\\"}"}}]},"finish_reason":"tool_calls","logprobs":null}],"usage":{"prompt_tokens":124,"total_tokens":146,"completion_tokens":22}}\n\n`,
      "data: [DONE]\n\n",
    ];
    const context = contextOf({ model: "m", messages: [{ role: "user", content: "Hi" }] });
    const events = [];
    for await (const batch of mistral.chat?.decodeStream?.(readsOf(stream), context) ?? []) {
      events.push(...batch.events);
    }
    expect(events).toHaveLength(4);
    expect(events[1]?.chunk.choices[0]?.delta.tool_calls).toMatchObject([
      { index: 0, type: "function", id: "gSIMJiOkT" },
    ]);
    expect(assembleChat(events)).toMatchObject({
      toolCalls: [{ id: "gSIMJiOkT", name: "weather", arguments: '{"location": "SF"}' }],
      finishReason: "tool_calls",
      usage: { input: 124, output: 22 },
    });
  });
});

describe("an error", () => {
  it.each([
    [
      422,
      {
        detail: [
          {
            type: "extra_forbidden",
            loc: ["body", "store"],
            msg: "Extra inputs are not permitted",
          },
        ],
      },
      400,
      "body.store: Extra inputs are not permitted",
    ],
    [
      400,
      {
        object: "error",
        message: { detail: [{ loc: ["body"], msg: "bad" }] },
        type: "invalid_request_error",
        code: "1000",
      },
      400,
      "body: bad",
    ],
    [401, { detail: "Unauthorized" }, 502, expect.stringContaining("credential")],
    [402, { message: "No credit" }, 429, "No credit"],
  ])("%i is told in OpenAI's words", (status, body, told, message) => {
    const error = mistral.decodeError({ status, headers: new Map(), body: JSON.stringify(body) });
    expect(error.status).toBe(told);
    expect(error.message).toEqual(message);
  });
});

it("asks for embeddings by the provider's names and encodes what the client asked for", () => {
  const request = {
    model: "asked",
    input: ["a"],
    dimensions: 2,
    encoding_format: "base64" as const,
    user: "u",
  };
  const encoded = mistral.embeddings?.encode(request, {
    deployment: testDeployment("mistral"),
    provider: PROVIDERS.mistral,
    carried: { get: () => undefined },
  });
  expect(encoded).toMatchObject({
    body: { model: "model-under-test", input: ["a"], output_dimension: 2 },
    adjusted: ["encoding_format", "user", "dimensions"],
  });
  expect(Object.keys(encoded?.body ?? {})).toHaveLength(3);
  const answer = {
    data: [{ embedding: [1, 2] }],
    model: "e",
    usage: { prompt_tokens: 1, total_tokens: 1 },
  };
  const decoded = mistral.embeddings?.decode(answer, contextOf(request), new Uint8Array());
  expect(decoded?.body).toMatchObject({
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: encodeVector([1, 2]) }],
  });
});
