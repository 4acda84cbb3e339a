import { describe, expect, it } from "vitest";
import type { ChatRequest } from "#lib/contract/chat.ts";
import { assembleChat } from "#lib/testing/chat-assembly.ts";
import { benchWire, failureOf, refusalOf } from "#lib/testing/wire-bench.ts";
import { gemini } from "./wire.ts";

type Json = Record<string, unknown>;

const bench = benchWire(gemini, "google", { modelName: "gemini-2.5-flash" });
const FRAME = { modelVersion: "gemini-3-x", responseId: "r1" };

const candidate = (parts: Json[] | undefined, changes: Json = {}): Json => ({
  ...(parts === undefined ? {} : { content: { role: "model", parts } }),
  index: 0,
  ...changes,
});
const answer = (candidates: Json[], changes: Json = {}): Json => ({
  candidates,
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  ...FRAME,
  ...changes,
});
const whole = (parts: Json[] | undefined, finishReason: string, changes: Json = {}) =>
  answer([candidate(parts, { finishReason, ...changes })]);
const events = (...values: unknown[]) =>
  values.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`).join("");
const choicesOf = (body: Json) => body["choices"] as Json[];

describe("a whole answer", () => {
  it.each([
    ["STOP", "stop"],
    ["OTHER", "stop"],
    ["FINISH_REASON_UNSPECIFIED", "stop"],
    ["A_WORD_OF_THE_FUTURE", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content_filter"],
    ["RECITATION", "content_filter"],
    ["BLOCKLIST", "content_filter"],
    ["PROHIBITED_CONTENT", "content_filter"],
    ["SPII", "content_filter"],
    ["LANGUAGE", "content_filter"],
    ["IMAGE_SAFETY", "content_filter"],
  ])("that finished with %s finishes with %s, also without any parts", (native, finish) => {
    for (const parts of [undefined, [], [{ text: "x" }]]) {
      const { body } = bench.decode(whole(parts, native));
      expect(choicesOf(body)).toMatchObject([
        { finish_reason: finish, native_finish_reason: native },
      ]);
    }
  });

  it.each(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "NO_IMAGE"])(
    "that failed with %s is an answer only if there is text",
    (native) => {
      const { body } = bench.decode(whole([{ text: "Hm" }], native));
      expect(choicesOf(body)).toMatchObject([{ finish_reason: "stop" }]);
      const error = refusalOf(() =>
        bench.decode(whole(undefined, native, { finishMessage: "Bad call." })),
      );
      expect([error.status, error.upstream?.kind]).toEqual([502, "server"]);
      expect(error.message).toContain("Bad call.");
    },
  );

  it("to a blocked prompt is empty and filtered", () => {
    const { body } = bench.decode({ promptFeedback: { blockReason: "SAFETY" } });
    expect(choicesOf(body)).toMatchObject([
      { message: { content: null }, finish_reason: "content_filter" },
    ]);
  });

  it("holds several candidates in their order", () => {
    const { body } = bench.decode(
      answer([
        candidate([{ text: "two" }], { index: 1, finishReason: "MAX_TOKENS" }),
        candidate([{ text: "one" }], { finishReason: "STOP" }),
      ]),
    );
    expect(choicesOf(body)).toMatchObject([
      { index: 0, message: { content: "one" }, finish_reason: "stop" },
      { index: 1, message: { content: "two" }, finish_reason: "length" },
    ]);
  });

  it("gives calls ids where Gemini gave none, and keeps signatures under them", () => {
    const { body } = bench.decode(
      whole(
        [
          { functionCall: { name: "f" }, thoughtSignature: "EpE=" },
          { functionCall: { id: "own-2", name: "g", args: { a: 1 } } },
        ],
        "STOP",
      ),
    );
    const [choice] = choicesOf(body) as { message: { tool_calls: Json[] } }[];
    const id = String(choice?.message.tool_calls[0]?.["id"]);
    expect(choice).toMatchObject({
      message: {
        content: null,
        tool_calls: [
          {
            id: expect.stringMatching(/^call_[0-9A-Za-z]{24}$/),
            type: "function",
            function: { name: "f", arguments: "{}" },
            extra_content: { google: { thought_signature: "EpE=" } },
          },
          { id: "own-2", type: "function", function: { name: "g", arguments: '{"a":1}' } },
        ],
      },
      finish_reason: "tool_calls",
    });
    expect(choice?.message.tool_calls[1]).not.toHaveProperty("extra_content");
    expect(bench.kept.get(id)).toEqual({ thoughtSignature: "EpE=" });
  });

  it("counts cache, thoughts, tools and audio in the normal form", () => {
    const { usage, body } = bench.decode({
      ...whole([{ text: "x" }], "STOP"),
      usageMetadata: {
        promptTokenCount: 100,
        toolUsePromptTokenCount: 20,
        cachedContentTokenCount: 30,
        candidatesTokenCount: 15,
        thoughtsTokenCount: 804,
        totalTokenCount: 999_999,
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 60 },
          { modality: "AUDIO", tokenCount: 40 },
        ],
        cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 10 }],
      },
    });
    expect(usage).toEqual({
      input: 60,
      cacheRead: 30,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: 819,
      reasoning: 804,
      audioIn: 30,
      audioOut: 0,
    });
    expect(body["usage"]).toMatchObject({
      prompt_tokens: 120,
      completion_tokens: 819,
      total_tokens: 939,
    });
  });

  it("has log probabilities in OpenAI's form", () => {
    const { body } = bench.decode(
      whole([{ text: "é" }], "STOP", {
        logprobsResult: {
          chosenCandidates: [{ token: "é", tokenId: 1, logProbability: -0.5 }],
          topCandidates: [{ candidates: [{ token: "é", logProbability: -0.5 }, { token: "e" }] }],
        },
      }),
    );
    expect(choicesOf(body)[0]?.["logprobs"]).toEqual({
      content: [
        {
          token: "é",
          logprob: -0.5,
          bytes: [195, 169],
          top_logprobs: [
            { token: "é", logprob: -0.5, bytes: [195, 169] },
            { token: "e", logprob: 0, bytes: [101] },
          ],
        },
      ],
      refusal: null,
    });
  });

  it("has pictures and sources in extensions", () => {
    const { body } = bench.decode(
      whole([{ text: "Look" }, { inlineData: { mimeType: "image/png", data: "AA==" } }], "STOP", {
        groundingMetadata: { groundingChunks: [{ web: { uri: "https://x.test", title: "X" } }] },
      }),
    );
    expect(choicesOf(body)[0]?.["message"]).toMatchObject({
      content: "Look",
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }],
      annotations: [
        {
          type: "url_citation",
          url_citation: { start_index: 0, end_index: 4, title: "X", url: "https://x.test" },
        },
      ],
    });
  });

  it("that is an error, plain or in an array, or nothing at all, is a failure", () => {
    const error = { error: { code: 503, message: "Overloaded.", status: "UNAVAILABLE" } };
    expect(refusalOf(() => bench.decode(error)).code).toBe("server_overloaded");
    expect(refusalOf(() => bench.decode([error])).code).toBe("server_overloaded");
    expect(refusalOf(() => bench.decode({ candidates: [] })).code).toBe("upstream_protocol");
  });
});

describe("a stream", () => {
  it("of the brief's example: a call with signature, then an empty last part", async () => {
    const usageMetadata = {
      promptTokenCount: 29,
      candidatesTokenCount: 15,
      totalTokenCount: 848,
      thoughtsTokenCount: 804,
    };
    const chunks = await bench.decodeStream(
      events(
        answer(
          [
            candidate([
              {
                functionCall: { name: "weather", args: { location: "SF" } },
                thoughtSignature: "EpE=",
              },
            ]),
          ],
          { usageMetadata },
        ),
        answer([candidate([{ text: "" }], { finishReason: "STOP" })], { usageMetadata }),
      ),
    );
    const read = assembleChat(chunks);
    expect(read).toMatchObject({
      text: "",
      toolCalls: [{ name: "weather", arguments: '{"location":"SF"}' }],
      finishReason: "tool_calls",
      usage: { input: 29, output: 819, reasoning: 804 },
    });
    expect(bench.kept.get(read.toolCalls[0]?.id ?? "")).toEqual({ thoughtSignature: "EpE=" });
    expect(chunks.at(-1)?.chunk.usage).toMatchObject({
      prompt_tokens: 29,
      completion_tokens: 819,
      completion_tokens_details: { reasoning_tokens: 804 },
    });
  });

  it("interleaves several candidates, each with its own role, calls and finish", async () => {
    const chunks = await bench.decodeStream(
      events(
        answer([candidate([{ text: "a" }]), candidate([{ text: "b" }], { index: 1 })]),
        answer([
          candidate([{ functionCall: { name: "f" } }], { index: 1, finishReason: "STOP" }),
          candidate([{ text: "c" }], { finishReason: "MAX_TOKENS" }),
        ]),
      ),
    );
    const choices = chunks.flatMap(({ chunk }) => chunk.choices);
    const of = (index: number) => choices.filter((choice) => choice.index === index);
    expect(
      of(0)
        .map(({ delta }) => delta.content ?? "")
        .join(""),
    ).toBe("ac");
    expect(of(1).filter(({ delta }) => delta.role !== undefined)).toHaveLength(1);
    expect(of(0).at(-1)?.finish_reason).toBe("length");
    expect(of(1).at(-1)?.finish_reason).toBe("tool_calls");
    expect(of(1).flatMap(({ delta }) => delta.tool_calls ?? [])).toMatchObject([{ index: 0 }]);
  });

  it("that ends before a candidate named its finish is truncated", async () => {
    const open = answer([candidate([{ text: "a" }])]);
    expect((await failureOf(bench.decodeStream(events(open)))).code).toBe("upstream_truncated");
    const half = answer([
      candidate([{ text: "a" }], { finishReason: "STOP" }),
      candidate([{ text: "b" }], { index: 1 }),
    ]);
    expect((await failureOf(bench.decodeStream(events(half)))).code).toBe("upstream_truncated");
    expect((await failureOf(bench.decodeStream(""))).code).toBe("upstream_truncated");
  });

  it.each([
    ["an event", (error: unknown) => events(answer([candidate([{ text: "a" }])]), error)],
    ["the whole body", (error: unknown) => JSON.stringify(error)],
    ["the whole body, in an array", (error: unknown) => `\n${JSON.stringify([error])}`],
  ])("that holds an error as %s fails with it", async (_name, write) => {
    const error = { error: { code: 429, message: "Slow down.", status: "RESOURCE_EXHAUSTED" } };
    const failure = await failureOf(bench.decodeStream(write(error)));
    expect([failure.code, failure.upstream?.status]).toEqual(["rate_limit_exceeded", 429]);
  });

  it("survives chunks without candidates, and usage that begins incomplete", async () => {
    const chunks = await bench.decodeStream([
      events({ usageMetadata: { promptTokenCount: 10 }, ...FRAME }),
      events(answer([candidate([{ text: "a" }])], { usageMetadata: { promptTokenCount: 10 } })),
      events(whole(undefined, "STOP")),
    ]);
    expect(assembleChat(chunks)).toMatchObject({ text: "a", usage: { input: 10, output: 5 } });
    expect(chunks[1]?.usage).toMatchObject({ input: 10, output: 0 });
  });

  it("carries log probabilities, pictures, sources and signatures of text", async () => {
    const chunks = await bench.decodeStream(
      events(
        answer([
          candidate([{ text: "a" }, { inlineData: { mimeType: "image/png", data: "AA==" } }], {
            logprobsResult: { chosenCandidates: [{ token: "a", logProbability: -1 }] },
          }),
        ]),
        whole([{ text: "", thoughtSignature: "Es0=" }], "STOP", {
          groundingMetadata: { groundingChunks: [{ web: { uri: "https://x.test", title: "X" } }] },
        }),
      ),
    );
    const choices = chunks.flatMap(({ chunk }) => chunk.choices);
    const deltas = choices.map(({ delta }) => delta);
    expect(choices.find(({ logprobs }) => logprobs !== null)?.logprobs).toMatchObject({
      content: [{ token: "a", logprob: -1 }],
    });
    expect(deltas.flatMap((delta) => delta["images"] ?? [])).toMatchObject([
      { index: 0, image_url: { url: "data:image/png;base64,AA==" } },
    ]);
    expect(deltas.flatMap((delta) => delta["annotations"] ?? [])).toMatchObject([
      { index: 0, url_citation: { url: "https://x.test", end_index: 1 } },
    ]);
    expect(deltas.flatMap((delta) => delta.reasoning_details ?? [])).toEqual([
      { type: "reasoning.encrypted", index: 0, data: "Es0=", format: "google-gemini-v1" },
    ]);
  });
});

describe("a schema answered through a function", () => {
  const request: Partial<ChatRequest> = {
    response_format: {
      type: "json_schema",
      json_schema: { name: "city", schema: { type: "object", properties: { city: {} } } },
    },
    tools: [{ type: "function", function: { name: "weather" } }],
  };
  const given = [{ text: "Here:" }, { functionCall: { name: "json", args: { city: "Paris" } } }];
  const called = [{ functionCall: { name: "weather" } }];

  it("is the text of the answer and ends with stop; other calls stay calls", async () => {
    const { body } = bench.decode(whole(given, "STOP"), request);
    expect(choicesOf(body)).toMatchObject([
      { message: { content: '{"city":"Paris"}' }, finish_reason: "stop" },
    ]);
    const streamed = await bench.decodeStream(events(whole(given, "STOP")), request);
    expect(assembleChat(streamed)).toMatchObject({
      text: '{"city":"Paris"}',
      toolCalls: [],
      finishReason: "stop",
    });
    const other = await bench.decodeStream(events(whole(called, "STOP")), request);
    expect(assembleChat(other)).toMatchObject({
      toolCalls: [{ name: "weather" }],
      finishReason: "tool_calls",
    });
    const told = await bench.decodeStream(events(whole([{ text: "No." }], "STOP")), request);
    expect(assembleChat(told)).toMatchObject({ text: "No.", finishReason: "stop" });
  });
});

describe("a refusal with a status", () => {
  const decode = (status: number, error: Json, wrap = false) => {
    const body = { error: { code: status, ...error } };
    return gemini.decodeError({
      status,
      headers: new Map(),
      body: JSON.stringify(wrap ? [body] : body),
    });
  };

  it.each([
    [
      400,
      "INVALID_ARGUMENT",
      "API key not valid. Please pass a valid key.",
      "auth",
      "upstream_auth",
    ],
    [400, "INVALID_ARGUMENT", 'Unknown name "x"', "rejected", "invalid_value"],
    [400, "FAILED_PRECONDITION", "User location is not supported.", "auth", "upstream_auth"],
    [401, "UNAUTHENTICATED", "No.", "auth", "upstream_auth"],
    [402, "RESOURCE_EXHAUSTED", "Prepaid credit used up.", "quota", "insufficient_quota"],
    [403, "PERMISSION_DENIED", "No.", "auth", "upstream_auth"],
    [404, "NOT_FOUND", "models/x is not found", "model_missing", "model_not_found"],
    [500, "INTERNAL", "Internal.", "server", "upstream_error"],
    [503, "UNAVAILABLE", "The model is overloaded.", "overloaded", "server_overloaded"],
    [504, "DEADLINE_EXCEEDED", "Late.", "timeout", "upstream_timeout"],
  ])("%i %s is classified, also in an array", (status, name, message, kind, code) => {
    for (const wrap of [false, true]) {
      const error = decode(status, { status: name, message }, wrap);
      expect([error.upstream?.kind, error.code]).toEqual([kind, code]);
    }
  });

  it("tells a used-up day from a short rate", () => {
    const violations = [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }];
    const error = decode(429, {
      status: "RESOURCE_EXHAUSTED",
      message: "Quota.",
      details: [{ violations }, { retryDelay: "3600s" }],
    });
    expect([error.upstream?.kind, error.code]).toEqual(["quota", "insufficient_quota"]);
    expect(error.upstream?.retryAfterMs).toBe(3_600_000);
  });
});
