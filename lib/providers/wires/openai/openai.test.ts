import { describe, expect, it } from "vitest";
import { PROVIDERS, type ProviderId, type ProviderRow } from "#lib/catalog/providers.ts";
import type { StreamBatch } from "#lib/contract/answer.ts";
import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import { type EmbeddingsRequest, encodeVector } from "#lib/contract/embeddings.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { type ConduitError, isConduitError } from "#lib/errors.ts";
import type { DecodeContext } from "#lib/providers/wire.ts";
import { assembleChat } from "#lib/testing/chat-assembly.ts";
import { readsOf, testDeployment } from "#lib/testing/wire-contexts.ts";
import { openai } from "./wire.ts";

const MESSAGES: ChatRequest["messages"] = [{ role: "user", content: "Hi" }];

function contextOf(
  id: ProviderId,
  request: ChatRequest | EmbeddingsRequest = { model: "m", messages: MESSAGES },
): DecodeContext {
  return {
    endpoint: "messages" in request ? "chat" : "embeddings",
    deployment: testDeployment(id),
    provider: PROVIDERS[id],
    request,
    emulation: {},
    requestId: "0197f0a0-0000-7000-8000-00000000000a",
    created: 1_764_000_000,
    keep: () => undefined,
  };
}

function encode(
  id: ProviderId,
  fields: Record<string, unknown>,
  overrides: Partial<Deployment> = {},
) {
  const provider: ProviderRow = PROVIDERS[id];
  const request = chatRequest.parse({ model: "asked", messages: MESSAGES, ...fields });
  const encoded = openai.chat?.encode(request, {
    deployment: testDeployment(id, overrides),
    provider,
    carried: { get: () => undefined },
  });
  if (encoded === undefined) {
    throw new Error("The wire has a chat codec.");
  }
  return encoded;
}

function refusal(work: () => unknown): ConduitError {
  try {
    work();
  } catch (error) {
    if (isConduitError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error("Nothing was refused.");
}

async function batchesOf(id: ProviderId, ...reads: string[]): Promise<StreamBatch[]> {
  const batches: StreamBatch[] = [];
  for await (const batch of openai.chat?.decodeStream?.(readsOf(reads), contextOf(id)) ?? []) {
    batches.push(batch);
  }
  return batches;
}

async function answerOf(id: ProviderId, ...reads: string[]) {
  return assembleChat((await batchesOf(id, ...reads)).flatMap(({ events }) => events));
}

async function streamFailure(id: ProviderId, ...reads: string[]): Promise<ConduitError> {
  try {
    await batchesOf(id, ...reads);
  } catch (error) {
    if (isConduitError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error("The stream did not fail.");
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

function chunk(choice: object, extra: object = {}) {
  return {
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, ...choice }],
    ...extra,
  };
}

const ROLE = data(chunk({ delta: { role: "assistant", content: "" }, finish_reason: null }));
const HI = data(chunk({ delta: { content: "Hi" }, finish_reason: null }));
const STOP = data(chunk({ delta: {}, finish_reason: "stop" }));
const USAGE = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const USAGE_CHUNK = data({ ...chunk({}), choices: [], usage: USAGE });
const DONE = "data: [DONE]\n\n";

describe("a stream that is as it should be", () => {
  it("passes with its own bytes, the end mark left off", async () => {
    const batches = await batchesOf("openai", ROLE + HI, HI, STOP + USAGE_CHUNK + DONE);
    const bytes = batches.map(({ raw }) => new TextDecoder().decode(raw));
    expect(bytes).toEqual([ROLE + HI, HI, STOP + USAGE_CHUNK]);
    expect(batches.flatMap(({ events }) => events).every((event) => event.text)).toBe(true);
  });

  it("keeps every word of an event it does not know", async () => {
    const odd = data(chunk({ delta: { content: "x", x_new: [1] } }, { obfuscation: "aa" }));
    const [, batch] = await batchesOf("openai", ROLE, odd, STOP + DONE);
    expect(batch?.events[0]?.text).toBe(odd.slice(6, -2));
  });

  it("holds back an event until it is complete, and gives up no byte of it", async () => {
    const batches = await batchesOf("openai", ROLE + HI.slice(0, 20), HI.slice(20), STOP + DONE);
    expect(batches.map(({ raw }) => new TextDecoder().decode(raw)).join("")).toBe(ROLE + HI + STOP);
  });

  it("passes several choices side by side", async () => {
    const second = [
      data({ ...chunk({}), choices: [{ index: 1, delta: { role: "assistant", content: "Ho" } }] }),
      data({ ...chunk({}), choices: [{ index: 1, delta: {}, finish_reason: "length" }] }),
    ];
    const batches = await batchesOf("openai", ROLE + second[0] + HI, second[1] + STOP + DONE);
    expect(batches.every(({ raw }) => raw !== undefined)).toBe(true);
  });

  it("is complete with a finish and no end mark", async () => {
    expect((await answerOf("openai", ROLE, HI, STOP)).text).toBe("Hi");
  });

  it("marks usage that comes alone", async () => {
    const events = (await batchesOf("openai", ROLE, HI, STOP, USAGE_CHUNK, DONE)).flatMap(
      (batch) => batch.events,
    );
    expect(events.at(-1)).toMatchObject({ usageOnly: true, usage: { input: 9, output: 4 } });
    expect(events.slice(0, -1).some((event) => event.usageOnly === true)).toBe(false);
  });

  it("ends soon when the connection stays open after the end mark", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield* readsOf([ROLE + HI + STOP + DONE]);
      await new Promise(() => undefined);
    }
    const events = [];
    const source = endless();
    for await (const batch of openai.chat?.decodeStream?.(
      { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) },
      contextOf("openai"),
    ) ?? []) {
      events.push(...batch.events);
    }
    expect(assembleChat(events).text).toBe("Hi");
  });
});

describe("a stream with peculiarities", () => {
  it("swallows a first chunk without choices", async () => {
    const filter = data({
      choices: [],
      created: 0,
      id: "",
      model: "",
      object: "",
      prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
    });
    expect((await answerOf("azure", filter, ROLE + HI, STOP + DONE)).text).toBe("Hi");
    const batches = await batchesOf("azure", filter + ROLE + HI, STOP + DONE);
    expect(batches[0]?.raw).toBeUndefined();
    expect(batches[0]?.events).toHaveLength(2);
  });

  it("takes a filter chunk without a delta, also after the finish", async () => {
    const offsets = data(chunk({ content_filter_offsets: { check_offset: 4 } }));
    expect((await answerOf("azure", ROLE, offsets, HI, STOP, offsets, DONE)).text).toBe("Hi");
  });

  it("counts reasoning that is missing from the completion, and recomputes the total", async () => {
    const frame = { id: "x1", object: "chat.completion.chunk", created: 1, model: "grok-x" };
    const events = [
      {
        ...frame,
        choices: [{ index: 0, delta: { reasoning_content: "First", role: "assistant" } }],
      },
      {
        ...frame,
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                {
                  id: "call_1",
                  function: { name: "weather", arguments: "{}" },
                  index: 0,
                  type: "function",
                },
              ],
            },
          },
        ],
      },
      { ...frame, choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
      {
        ...frame,
        choices: [],
        usage: {
          prompt_tokens: 291,
          completion_tokens: 26,
          total_tokens: 513,
          prompt_tokens_details: { cached_tokens: 290 },
          completion_tokens_details: { reasoning_tokens: 196 },
        },
      },
    ];
    const batches = await batchesOf("xai", ...events.map(data), DONE);
    const answer = assembleChat(batches.flatMap((batch) => batch.events));
    expect(answer).toMatchObject({
      reasoning: "First",
      toolCalls: [{ id: "call_1", name: "weather", arguments: "{}" }],
      finishReason: "tool_calls",
      usage: { input: 1, cacheRead: 290, output: 222, reasoning: 196 },
    });
    expect(batches.at(-1)?.events[0]?.chunk.usage).toMatchObject({
      completion_tokens: 222,
      total_tokens: 513,
    });
  });

  it("moves usage out of the finish chunk into one of its own", async () => {
    const usage = {
      queue_time: 0.1,
      prompt_tokens: 17,
      completion_tokens: 1107,
      total_tokens: 1124,
      completion_tokens_details: { reasoning_tokens: 963 },
    };
    const finish = chunk(
      { delta: {}, logprobs: null, finish_reason: "stop" },
      { x_groq: { id: "req_1", usage }, usage },
    );
    const thought = data(chunk({ delta: { role: "assistant", reasoning: "Hm", content: "" } }));
    const events = (await batchesOf("groq", thought, HI, data(finish), DONE)).flatMap(
      (batch) => batch.events,
    );
    expect(assembleChat(events)).toMatchObject({
      text: "Hi",
      reasoning: "Hm",
      usage: { input: 17, output: 1107, reasoning: 963 },
    });
    expect(events.at(-2)?.chunk).not.toHaveProperty("usage");
    expect(events.at(-1)).toMatchObject({ usageOnly: true, chunk: { choices: [], usage } });
  });

  it("reads usage that stands in the provider's own object alone", async () => {
    const finish = chunk(
      { delta: {}, finish_reason: "stop" },
      { x_groq: { id: "r", usage: USAGE } },
    );
    expect((await answerOf("groq", ROLE, HI, data(finish), DONE)).usage).toMatchObject({
      input: 9,
      output: 4,
    });
  });

  it("counts cache hits told in another field, and passes text beside empty reasoning", async () => {
    const usage = { ...USAGE, prompt_cache_hit_tokens: 5, prompt_cache_miss_tokens: 4 };
    const both = data(chunk({ delta: { content: "Hi", reasoning_content: null } }));
    const first = data(
      chunk({ delta: { role: "assistant", content: null, reasoning_content: "Hm" } }),
    );
    const finish = chunk({ delta: { content: "" }, finish_reason: "stop" }, { usage });
    const batches = await batchesOf(
      "deepseek",
      `: keep-alive\n\n${first}`,
      both,
      data(finish) + DONE,
    );
    expect(batches[1]?.raw).toBeDefined();
    expect(assembleChat(batches.flatMap(({ events }) => events))).toMatchObject({
      text: "Hi",
      reasoning: "Hm",
      usage: { input: 4, cacheRead: 5, output: 4 },
    });
  });

  it("lets no comment through with the bytes", async () => {
    const batches = await batchesOf("openrouter", `${ROLE}: OPENROUTER PROCESSING\n\n${HI}`, STOP);
    expect(batches[0]?.raw).toBeUndefined();
    expect(batches[0]?.events.map(({ text }) => text)).toEqual([
      ROLE.slice(6, -2),
      HI.slice(6, -2),
    ]);
  });

  it("keeps the identity of the first chunk and says the role once", async () => {
    const other = (text: string) =>
      data({ ...chunk({ delta: { role: "assistant", content: text } }), id: "other", created: 2 });
    expect((await answerOf("ollama", other("a"), ROLE, HI, other("b"), STOP, DONE)).text).toBe(
      "aHib",
    );
  });

  it("makes an identity where the upstream has none", async () => {
    const bare = [
      { choices: [{ delta: { content: "Hi" } }] },
      { choices: [{ delta: {}, finish_reason: "eos" }] },
    ];
    const events = (await batchesOf("openai_compatible", ...bare.map(data), DONE)).flatMap(
      (batch) => batch.events,
    );
    expect(assembleChat(events)).toMatchObject({ text: "Hi", finishReason: "stop" });
    expect(events[0]?.chunk).toMatchObject({
      id: "chatcmpl-0197f0a0-0000-7000-8000-00000000000a",
      model: "model-under-test",
      created: 1_764_000_000,
    });
    expect(events[1]?.chunk.choices[0]?.["native_finish_reason"]).toBe("eos");
  });

  it("gives an end to a choice that was marked as done without one", async () => {
    expect(await answerOf("openai_compatible", ROLE, HI, DONE)).toMatchObject({
      text: "Hi",
      finishReason: "stop",
    });
  });

  it("reads continuous usage and ends with the last of it", async () => {
    const counted = data(chunk({ delta: { content: "Hi" } }, { usage: USAGE }));
    const batches = await batchesOf("vllm", ROLE, counted, STOP, USAGE_CHUNK, DONE);
    const events = batches.flatMap((batch) => batch.events);
    expect(events[1]?.usage).toMatchObject({ input: 9 });
    expect(batches[1]?.raw).toBeDefined();
    expect(events.filter((event) => event.usageOnly)).toHaveLength(1);
  });

  it("keeps usage that comes with an empty delta after the finish", async () => {
    const late = data(
      chunk({ delta: { role: "assistant", content: "" }, finish_reason: null }, { usage: USAGE }),
    );
    expect((await answerOf("openrouter", ROLE, HI, STOP, late, DONE)).usage).toMatchObject({
      input: 9,
      output: 4,
    });
  });
});

describe("streamed tool calls", () => {
  const tool = (...calls: object[]) => data(chunk({ delta: { tool_calls: calls } }));
  const fn = (name: string, text: string) => ({ function: { name, arguments: text } });
  const FINISH = data(chunk({ delta: {}, finish_reason: "stop" })) + DONE;

  it("tells calls apart that reuse one index", async () => {
    const answer = await answerOf(
      "openai_compatible",
      ROLE,
      tool({ index: 0, id: "a", type: "function", ...fn("f", '{"x":1}') }),
      tool({ index: 0, id: "b", type: "function", ...fn("g", '{"y":') }),
      tool({ index: 0, ...fn("", "2}") }),
      FINISH,
    );
    expect(answer.finishReason).toBe("tool_calls");
    expect(answer.toolCalls).toEqual([
      { id: "a", name: "f", arguments: '{"x":1}' },
      { id: "b", name: "g", arguments: '{"y":2}' },
    ]);
  });

  it("numbers calls from 0 when the upstream counts blocks", async () => {
    const answer = await answerOf(
      "openai_compatible",
      ROLE,
      HI,
      tool({ index: 1, id: "a", type: "function", ...fn("f", "") }),
      tool({ index: 1, function: { arguments: "{}" } }),
      FINISH,
    );
    expect(answer.toolCalls).toEqual([{ id: "a", name: "f", arguments: "{}" }]);
  });

  it("says id, type and name once where the upstream repeats them", async () => {
    const repeat = { index: 0, id: "a", type: "function" };
    const answer = await answerOf(
      "openai_compatible",
      ROLE,
      tool({ ...repeat, ...fn("f", '{"x"') }),
      tool({ ...repeat, ...fn("f", ":1}") }),
      FINISH,
    );
    expect(answer.toolCalls).toEqual([{ id: "a", name: "f", arguments: '{"x":1}' }]);
  });

  it("makes an id for a call that has none, and text of arguments that are an object", async () => {
    const answer = await answerOf(
      "ollama",
      ROLE,
      tool({ function: { name: "f", arguments: { x: 1 } } }),
      FINISH,
    );
    expect(answer.toolCalls[0]).toMatchObject({ name: "f", arguments: '{"x":1}' });
    expect(answer.toolCalls[0]?.id).toMatch(/^call_[A-Za-z0-9]{24}$/);
  });

  it("passes custom tools", async () => {
    const batches = await batchesOf(
      "openai",
      ROLE,
      tool({ index: 0, id: "a", type: "custom", custom: { name: "shell", input: "" } }),
      tool({ index: 0, custom: { input: "ls" } }),
      data(chunk({ delta: {}, finish_reason: "tool_calls" })) + DONE,
    );
    expect(batches.every(({ raw }) => raw !== undefined)).toBe(true);
  });
});

describe("a stream that fails", () => {
  it.each([
    [
      "an error event",
      data({ error: { message: "slow down", code: "rate_limit_exceeded" } }),
      "rate_limit",
    ],
    ["a numbered error", data({ error: { message: "no credit", code: 402 } }), "quota"],
    [
      "a failed choice",
      data(chunk({ delta: {}, finish_reason: "error" }, { error: { code: 502, message: "gone" } })),
      "server",
    ],
    [
      "a finish that is an error",
      data(chunk({ delta: {}, finish_reason: "insufficient_system_resource" })),
      "overloaded",
    ],
    [
      "a nested error",
      data(chunk({ delta: {} }, { x_groq: { error: "over capacity" } })),
      "server",
    ],
    [
      "a flat error",
      data({ object: "error", message: "too long: maximum context length is 8", code: 400 }),
      "context_length",
    ],
    [
      "a named error",
      `event: error\n${data({ type: "overloaded_error", message: "busy" })}`,
      "overloaded",
    ],
  ])("is classified by %s", async (_what, event, kind) => {
    expect((await streamFailure("openrouter", ROLE, event)).upstream?.kind).toBe(kind);
  });

  it("is classified by a bare JSON body in a stream's place", async () => {
    const body = JSON.stringify({ error: { message: "busy", type: "overloaded_error" } }, null, 2);
    const error = await streamFailure("openai_compatible", `\n${body.slice(0, 9)}`, body.slice(9));
    expect(error.upstream?.kind).toBe("overloaded");
  });

  it("gives up what came before an error in the same read, and nothing after it", async () => {
    const seen: StreamBatch[] = [];
    const reads = readsOf([ROLE + HI + data({ error: { message: "x" } }) + STOP + DONE]);
    const iterate = async () => {
      for await (const batch of openai.chat?.decodeStream?.(reads, contextOf("openai")) ?? []) {
        seen.push(batch);
      }
    };
    await expect(iterate()).rejects.toMatchObject({ code: "upstream_error" });
    expect(seen.map(({ events }) => events.length)).toEqual([2]);
  });

  it("lets go of the connection", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* readsOf([data({ error: { message: "x" } }), STOP]);
      } finally {
        closed = true;
      }
    }
    const decoded = openai.chat?.decodeStream?.(source(), contextOf("openai"));
    await expect(decoded?.[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "upstream_error",
    });
    expect(closed).toBe(true);
  });

  it("is truncated when it is marked as done without an answer", async () => {
    expect((await streamFailure("openai", DONE)).code).toBe("upstream_truncated");
    expect((await streamFailure("openai", "<html>busy</html>")).code).toBe("upstream_truncated");
  });
});

describe("a whole answer", () => {
  const body = (message: object, extra: object = {}) => ({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    usage: USAGE,
    ...extra,
  });
  const decode = (id: ProviderId, parsed: unknown) => {
    const decoded = openai.chat?.decode(parsed, contextOf(id), new Uint8Array());
    if (decoded === undefined) {
      throw new Error("The wire has a chat codec.");
    }
    return decoded;
  };

  it("passes untouched, with unknown fields, when every client takes it", () => {
    const parsed = body({ content: "Hi", refusal: null, x_new: 1 }, { citations: ["a"] });
    const copy = structuredClone(parsed);
    const decoded = decode("openai", parsed);
    expect(decoded.untouched).toBe(true);
    expect(decoded.body).toEqual(copy);
    expect(decoded.usage).toMatchObject({ input: 9, output: 4 });
  });

  it.each([
    [
      "reasoning under another name",
      { content: "4", reasoning: "Hm" },
      { reasoning_content: "Hm" },
    ],
    [
      "a tool call without type, id and arguments",
      { content: null, tool_calls: [{ function: { name: "f" } }] },
      {
        tool_calls: [
          {
            id: expect.stringMatching(/^call_/),
            type: "function",
            function: { name: "f", arguments: "{}" },
          },
        ],
      },
    ],
    ["content in parts", { content: [{ type: "text", text: "Hi" }] }, { content: "Hi" }],
    ["a message without content", { tool_calls: [] }, { content: null }],
  ])("is corrected where a client would stumble: %s", (_what, message, expected) => {
    const decoded = decode("openai_compatible", body(message));
    expect(decoded.untouched).toBe(false);
    expect(decoded.body["choices"]).toMatchObject([{ message: expected }]);
  });

  it("finishes with tool_calls when there are any, and keeps the native word of others", () => {
    const called = body({
      content: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
    });
    expect(decode("together", called).body["choices"]).toMatchObject([
      { finish_reason: "tool_calls" },
    ]);
    const eos = body({ content: "Hi" });
    eos.choices = eos.choices.map((choice) => ({ ...choice, finish_reason: "eos" }));
    expect(decode("together", eos).body["choices"]).toMatchObject([
      { finish_reason: "stop", native_finish_reason: "eos" },
    ]);
  });

  it.each([
    [{ error: { message: "no credit", code: 402 } }, "insufficient_quota"],
    [{ error: "try later" }, "upstream_error"],
    [{ choices: [], error: { message: "busy", type: "overloaded_error" } }, "server_overloaded"],
    [{ id: "c1", object: "chat.completion" }, "upstream_malformed"],
    [[], "upstream_malformed"],
    [null, "upstream_malformed"],
  ])("without choices is a failure: %j", (parsed, code) => {
    expect(refusal(() => decode("openrouter", parsed)).code).toBe(code);
  });
});

describe("the row's quirks", () => {
  it("forces usage into a stream and keeps the client's other stream options", () => {
    const { body } = encode("openai", {
      stream: true,
      stream_options: { include_obfuscation: false },
    });
    expect(body["stream_options"]).toEqual({ include_obfuscation: false, include_usage: true });
    expect(encode("openai", {}).body).not.toHaveProperty("stream_options");
  });

  it("never changes the client's request", () => {
    const request = chatRequest.parse({
      model: "asked",
      messages: [{ role: "developer", content: "x" }, ...MESSAGES],
      stream: true,
      max_completion_tokens: 5,
    });
    const copy = structuredClone(request);
    openai.chat?.encode(request, {
      deployment: testDeployment("deepseek"),
      provider: PROVIDERS.deepseek,
      carried: { get: () => undefined },
    });
    expect(request).toEqual(copy);
  });

  it("sends developer messages as system and max_completion_tokens by its old name", () => {
    const { body, adjusted } = encode("together", {
      messages: [{ role: "developer", content: "Be brief." }, ...MESSAGES],
      max_completion_tokens: 9,
    });
    expect(body).toMatchObject({
      max_tokens: 9,
      messages: [{ role: "system", content: "Be brief." }, {}],
    });
    expect(body).not.toHaveProperty("max_completion_tokens");
    expect(adjusted).toEqual(["messages.role", "max_completion_tokens"]);
  });

  it("refuses two limits that differ where the provider knows one", () => {
    const error = refusal(() => encode("together", { max_tokens: 5, max_completion_tokens: 9 }));
    expect([error.status, error.param]).toEqual([400, "max_completion_tokens"]);
  });

  it("puts a schema into words where there is no field for it", () => {
    const { body, adjusted } = encode("deepseek", {
      response_format: {
        type: "json_schema",
        json_schema: { name: "city", schema: { type: "object" } },
      },
    });
    expect(body["response_format"]).toEqual({ type: "json_object" });
    expect(JSON.stringify(body["messages"])).toContain('{\\"type\\":\\"object\\"}');
    expect(adjusted).toEqual(["response_format"]);
  });

  it("does a required tool choice in words where there is no field for it", () => {
    const tools = ["f", "g"].map((name) => ({ type: "function", function: { name } }));
    const named = encode("ollama", {
      tools,
      tool_choice: { type: "function", function: { name: "g" } },
    });
    expect(named.body["tools"]).toEqual([tools[1]]);
    expect(named.body).not.toHaveProperty("tool_choice");
    expect(named.adjusted).toEqual(["tool_choice"]);
    expect(encode("ollama", { tools, tool_choice: "none" }).body).not.toHaveProperty("tools");
  });

  it("sends only the allowed tools where allowed_tools is unknown", () => {
    const tools = ["f", "g"].map((name) => ({ type: "function", function: { name } }));
    const { body } = encode("groq", {
      tools,
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [tools[0]] },
      },
    });
    expect(body).toMatchObject({ tools: [tools[0]], tool_choice: "required" });
  });

  it.each(["groq", "cerebras", "huggingface"] as const)(
    "sends %s no reasoning of earlier turns",
    (id) => {
      const { body, adjusted } = encode(id, {
        messages: [...MESSAGES, { role: "assistant", content: "Ho", reasoning_content: "Hm" }],
      });
      expect(JSON.stringify(body)).not.toContain("reasoning_content");
      expect(adjusted).toEqual(["messages.reasoning_content"]);
    },
  );

  it("removes cache markers where they would be refused and keeps them elsewhere", () => {
    const cache_control = { type: "ephemeral" };
    const messages = [{ role: "user", content: [{ type: "text", text: "Hi", cache_control }] }];
    const strict = encode("openai", { messages });
    expect(strict.body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "Hi" }] },
    ]);
    expect(strict.adjusted).toEqual(["cache_control"]);
    expect(JSON.stringify(encode("openrouter", { messages }).body)).toContain("ephemeral");
  });

  it("refuses a part by its place, or drops it where that is allowed", () => {
    const messages = [
      ...MESSAGES,
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: "https://images.test/a.png" } },
        ],
      },
    ];
    const error = refusal(() => encode("deepseek", { messages }));
    expect([error.code, error.param]).toEqual(["unsupported_content", "messages[1].content[1]"]);
    const { body, adjusted } = encode(
      "deepseek",
      { messages },
      { allowDroppingUnsupportedFields: true },
    );
    expect(JSON.stringify(body)).not.toContain("image_url");
    expect(adjusted).toEqual(["messages[1].content[1]"]);
  });

  it("asks Azure by the version in the deployment's settings", () => {
    expect(encode("azure", {}, { settings: { api_version: "preview" } }).path).toBe(
      "/chat/completions?api-version=preview",
    );
    expect(encode("azure", {}).path).toBe("/chat/completions");
  });
});

describe("OpenAI's own models", () => {
  const as = (
    modelName: string,
    fields: Record<string, unknown>,
    provider: ProviderId = "openai",
  ) => encode(provider, fields, { modelName });

  it.each(["o3", "o4-mini", "gpt-5", "gpt-5.2", "gpt-5-mini-2025-08-07", "ft:gpt-5.2:org"])(
    "takes max_tokens of %s by its new name",
    (model) => {
      const { body, adjusted } = as(model, { max_tokens: 9 });
      expect(body["max_completion_tokens"]).toBe(9);
      expect(body).not.toHaveProperty("max_tokens");
      expect(adjusted).toEqual(["max_tokens"]);
    },
  );

  it.each(["gpt-4o", "gpt-4.1-mini", "gpt-5-chat-latest", "davinci-002"])(
    "leaves the fields of %s alone",
    (model) => {
      const fields = { max_tokens: 9, temperature: 0.2, stop: "x", logprobs: true };
      expect(as(model, fields)).toMatchObject({ body: fields, adjusted: [] });
    },
  );

  it.each([
    ["o3", { temperature: 0.2 }, "temperature"],
    ["gpt-5", { top_p: 0.2 }, "top_p"],
    ["gpt-5.2", { temperature: 0.2, reasoning_effort: "high" }, "temperature"],
    ["gpt-5.2", { presence_penalty: 1 }, "presence_penalty"],
    ["o4-mini", { stop: "x" }, "stop"],
    ["gpt-4o-search-preview", { temperature: 0.2 }, "temperature"],
  ])("refuses by name what %s does not take: %j", (model, fields, param) => {
    const error = refusal(() => as(model, fields));
    expect([error.status, error.code, error.param]).toEqual([400, "unsupported_parameter", param]);
  });

  it("passes sampling to a model that may answer without reasoning", () => {
    for (const effort of [{}, { reasoning_effort: "none" }]) {
      const fields = { temperature: 0.2, top_p: 0.5, ...effort };
      expect(as("gpt-5.2", fields)).toMatchObject({ body: fields, adjusted: [] });
    }
  });

  it("leaves out defaults, which ask for nothing", () => {
    const { body, adjusted } = as("o3", { temperature: 1, presence_penalty: 0, logprobs: false });
    expect(Object.keys(body).sort()).toEqual(["messages", "model"]);
    expect(adjusted.sort()).toEqual(["logprobs", "presence_penalty", "temperature"]);
  });

  it.each([
    ["gpt-4o", "flex", false],
    ["gpt-5.2", "flex", true],
    ["gpt-5-nano", "priority", false],
    ["gpt-4o", "priority", true],
    ["o3", "flex", true],
    ["gpt-5.2", "default", true],
  ])("sends %s the tier %s: %s", (model, service_tier, sent) => {
    const { body, adjusted } = as(model, { service_tier });
    expect("service_tier" in body).toBe(sent);
    expect(adjusted).toEqual(sent ? [] : ["service_tier"]);
  });

  it("knows the family behind a deployment's name from its settings", () => {
    const settings = { base_model: "gpt-5.2" };
    const { body } = encode("azure", { max_tokens: 9 }, { modelName: "prod-chat", settings });
    expect(body).toMatchObject({ model: "prod-chat", max_completion_tokens: 9 });
  });
});

describe("embeddings", () => {
  const answer = (embedding: unknown) => ({
    object: "list",
    data: [{ object: "embedding", index: 0, embedding }],
    model: "m",
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  const request = (fields: Partial<EmbeddingsRequest> = {}): EmbeddingsRequest => ({
    model: "asked",
    input: "Hi",
    ...fields,
  });
  const encodeFor = (id: ProviderId, asked: EmbeddingsRequest) =>
    openai.embeddings?.encode(asked, {
      deployment: testDeployment(id),
      provider: PROVIDERS[id],
      carried: { get: () => undefined },
    });
  const decode = (id: ProviderId, asked: EmbeddingsRequest, parsed: unknown) =>
    openai.embeddings?.decode(parsed, contextOf(id, asked), new Uint8Array());

  it("passes with the upstream's model name, token numbers included", () => {
    const asked = request({ input: [[1, 2]], encoding_format: "base64", dimensions: 8 });
    expect(encodeFor("openai", asked)).toMatchObject({
      path: "/embeddings",
      body: { ...asked, model: "model-under-test" },
      adjusted: [],
    });
  });

  it("refuses token numbers for a provider that would read them as text", () => {
    for (const input of [[1, 2], [[1, 2]]]) {
      const error = refusal(() => encodeFor("together", request({ input })));
      expect([error.status, error.param]).toEqual([400, "input"]);
    }
  });

  it("encodes vectors when the client asked for base64 and numbers came", () => {
    const asked = request({ encoding_format: "base64" });
    const encoded = encodeFor("together", asked);
    expect(encoded?.body).not.toHaveProperty("encoding_format");
    expect(encoded?.adjusted).toEqual(["encoding_format"]);
    const decoded = decode("together", asked, answer([0.5, -1]));
    expect(decoded?.untouched).toBe(false);
    expect(decoded?.body["data"]).toMatchObject([{ embedding: encodeVector([0.5, -1]) }]);
    expect(decoded?.usage).toMatchObject({ input: 3, output: 0 });
  });

  it("passes vectors untouched in the encoding that was asked for", () => {
    expect(decode("openai", request(), answer([0.5]))?.untouched).toBe(true);
    const base64 = request({ encoding_format: "base64" });
    expect(decode("openai", base64, answer("AAAAPw=="))?.untouched).toBe(true);
  });

  it("decodes base64 that nobody asked for", () => {
    expect(decode("openai", request(), answer("AAAAPw=="))?.body["data"]).toMatchObject([
      { embedding: [0.5] },
    ]);
  });

  it("refuses a provider that has none", () => {
    expect(refusal(() => encodeFor("groq", request())).status).toBe(400);
  });
});
