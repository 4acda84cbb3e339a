import { describe, expect, it } from "vitest";
import type { ChatRequest } from "#lib/contract/chat.ts";
import { assembleChat } from "#lib/testing/chat-assembly.ts";
import { benchWire, failureOf, refusalOf } from "#lib/testing/wire-bench.ts";
import { anthropic } from "./wire.ts";

const bench = benchWire(anthropic, "anthropic", { modelName: "claude-opus-4-20250514" });

type Json = Record<string, unknown>;

const frame = (event: Json) =>
  `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`;
const frames = (...events: Json[]) => events.map(frame).join("");

const start = (id = "msg_1", usage: Json = { input_tokens: 10, output_tokens: 1 }): Json => ({
  type: "message_start",
  message: { id, type: "message", role: "assistant", model: "claude-x", content: [], usage },
});
const open = (index: number, content_block: Json): Json => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, body: Json): Json => ({
  type: "content_block_delta",
  index,
  delta: body,
});
const textDelta = (index: number, text: string) => delta(index, { type: "text_delta", text });
const inputDelta = (index: number, partial_json: string) =>
  delta(index, { type: "input_json_delta", partial_json });
const close = (index: number): Json => ({ type: "content_block_stop", index });
const end = (stop_reason: string, usage: Json = { output_tokens: 48 }): Json[] => [
  { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
  { type: "message_stop" },
];
const TEXT = { type: "text", text: "" };
const tool = (id: string, name: string, input: Json = {}) => ({
  type: "tool_use",
  id,
  name,
  input,
});

const message = (content: Json[], changes: Json = {}): Json => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content,
  stop_reason: "end_turn",
  usage: { input_tokens: 10, output_tokens: 5 },
  ...changes,
});

describe("a stream", () => {
  it("of text and a tool without arguments, as it was recorded", async () => {
    const usage = {
      input_tokens: 565,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 1,
    };
    const events = await bench.decodeStream(
      frames(
        start("msg_1", usage),
        open(0, TEXT),
        textDelta(0, "Hi"),
        { type: "ping" },
        close(0),
        open(1, tool("toolu_1", "upd")),
        inputDelta(1, ""),
        close(1),
        ...end("tool_use", { input_tokens: 565, output_tokens: 48 }),
      ),
    );
    expect(events.map(({ chunk }) => chunk.choices[0]?.delta ?? chunk.usage)).toMatchObject([
      { role: "assistant", content: "" },
      { content: "Hi" },
      { tool_calls: [{ index: 0, id: "toolu_1", function: { name: "upd", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: "{}" } }] },
      {},
      { prompt_tokens: 565, completion_tokens: 48, total_tokens: 613 },
    ]);
    expect(events.at(-2)?.chunk.choices[0]?.finish_reason).toBe("tool_calls");
    expect(events.at(-1)?.usageOnly).toBe(true);
  });

  it("numbers tool calls by themselves, whatever the block numbers and the order", async () => {
    const events = await bench.decodeStream(
      frames(
        start(),
        open(0, { type: "thinking", thinking: "", signature: "" }),
        delta(0, { type: "thinking_delta", thinking: "Hm" }),
        delta(0, { type: "signature_delta", signature: "S=" }),
        close(0),
        open(1, TEXT),
        textDelta(1, "Hi"),
        close(1),
        open(2, tool("toolu_1", "upd")),
        inputDelta(2, ""),
        open(3, tool("toolu_2", "get")),
        inputDelta(3, '{"a":'),
        { type: "ping" },
        close(2),
        inputDelta(3, "1}"),
        close(3),
        ...end("tool_use"),
      ),
    );
    const { text, reasoning, toolCalls, finishReason } = assembleChat(events);
    expect({ text, reasoning, toolCalls, finishReason }).toEqual({
      text: "Hi",
      reasoning: "Hm",
      toolCalls: [
        { id: "toolu_1", name: "upd", arguments: "{}" },
        { id: "toolu_2", name: "get", arguments: '{"a":1}' },
      ],
      finishReason: "tool_calls",
    });
    expect(bench.kept.get("toolu_1")).toEqual({
      thinkingBlocks: [{ type: "thinking", thinking: "Hm", signature: "S=" }],
    });
  });

  it("gives a tool's whole input when it came with the start of its block", async () => {
    const events = await bench.decodeStream(
      frames(start(), open(0, tool("toolu_1", "f", { a: 1 })), close(0), ...end("tool_use")),
    );
    expect(assembleChat(events).toolCalls[0]?.arguments).toBe('{"a":1}');
  });

  it("takes later usage in place of earlier, also where that is larger", async () => {
    const events = await bench.decodeStream(
      frames(
        start("msg_1", { input_tokens: 565, cache_read_input_tokens: 2, output_tokens: 1 }),
        open(0, TEXT),
        textDelta(0, "Hi"),
        ...end("end_turn", {
          input_tokens: 600,
          cache_creation_input_tokens: 7,
          output_tokens: 48,
        }),
      ),
    );
    expect(assembleChat(events).usage).toMatchObject({
      input: 600,
      cacheRead: 2,
      cacheWrite5m: 7,
      cacheWrite1h: 0,
      output: 48,
    });
  });

  it("tells the usage so far before it ends, so that a hang-up can be billed", async () => {
    const source = frames(start(), open(0, TEXT), textDelta(0, "Hi"));
    const seen: unknown[] = [];
    const failure = await failureOf(
      bench.decodeStream([source]).then((events) => seen.push(...events)),
    );
    expect(failure.code).toBe("upstream_truncated");
    const [first] = await bench.decodeStream([source, frames(...end("end_turn"))]);
    expect(first?.chunk.choices[0]?.delta.role).toBe("assistant");
    const events = await bench.decodeStream([frames(start()), frames(...end("end_turn"))]);
    expect(events[0]?.usage).toMatchObject({ input: 10, output: 1 });
  });

  it("takes a stream that ended after its reason to stop for complete, and no earlier end", async () => {
    const marks = [start(), open(0, TEXT), textDelta(0, "Hi"), ...end("end_turn")];
    const got = assembleChat(await bench.decodeStream([frames(...marks.slice(0, -1))]));
    expect(got).toMatchObject({ text: "Hi", usage: expect.anything() });
    const cut = await failureOf(bench.decodeStream([frames(...marks.slice(0, -2))]));
    expect(cut.code).toBe("upstream_truncated");
  });

  it("passes over a repeated start, and gives up on a second message", async () => {
    const again = await bench.decodeStream(
      frames(start(), start(), open(0, TEXT), textDelta(0, "Hi"), ...end("end_turn")),
    );
    expect(assembleChat(again).text).toBe("Hi");
    const error = await failureOf(bench.decodeStream(frames(start("msg_1"), start("msg_2"))));
    expect([error.code, error.upstream?.kind]).toEqual(["upstream_protocol", "protocol"]);
  });

  it("passes over what it does not know", async () => {
    const events = await bench.decodeStream(
      frames(
        start(),
        { type: "something_new", data: 1 },
        open(0, { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} }),
        inputDelta(0, '{"query":"x"}'),
        close(0),
        open(1, TEXT),
        delta(1, { type: "new_delta" }),
        textDelta(1, "Hi"),
        close(1),
        textDelta(7, "nowhere"),
        ...end("pause_turn"),
      ),
    );
    const { text, toolCalls, finishReason } = assembleChat(events);
    expect([text, toolCalls, finishReason]).toEqual(["Hi", [], "stop"]);
    expect(events.at(-2)?.chunk.choices[0]?.["native_finish_reason"]).toBe("pause_turn");
  });

  it("is complete with its last event, whatever the connection does then", async () => {
    const events = await bench.decodeStream([
      frames(start(), open(0, TEXT), textDelta(0, "Hi"), ...end("end_turn")),
      frames({ type: "error", error: { type: "api_error", message: "late" } }),
    ]);
    expect(assembleChat(events).text).toBe("Hi");
  });

  it.each([
    ["overloaded_error", "server_overloaded", "overloaded", 529],
    ["rate_limit_error", "rate_limit_exceeded", "rate_limit", 429],
    ["api_error", "upstream_error", "server", 500],
    ["authentication_error", "upstream_auth", "auth", 401],
    ["billing_error", "insufficient_quota", "quota", 402],
    ["timeout_error", "upstream_timeout", "timeout", 504],
    ["invalid_request_error", "invalid_value", "rejected", 400],
  ])("that holds %s fails as %s", async (type, code, kind, status) => {
    const event = { type: "error", error: { type, message: "No." } };
    const error = await failureOf(bench.decodeStream(frames(start(), event)));
    expect([error.code, error.upstream?.kind, error.upstream?.status]).toEqual([
      code,
      kind,
      status,
    ]);
  });

  it("that is a bare JSON error fails with it", async () => {
    const body = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
    const error = await failureOf(bench.decodeStream([body.slice(0, 9), body.slice(9)]));
    expect(error.code).toBe("server_overloaded");
  });

  it("carries sources and reasoning details with an index of their own each", async () => {
    const citation = {
      type: "web_search_result_location",
      url: "https://x.test/",
      title: "X",
      cited_text: "…",
    };
    const events = await bench.decodeStream(
      frames(
        start(),
        open(0, { type: "thinking", thinking: "", signature: "" }),
        delta(0, { type: "thinking_delta", thinking: "Hm" }),
        delta(0, { type: "signature_delta", signature: "S=" }),
        close(0),
        open(1, { type: "redacted_thinking", data: "Enc=" }),
        close(1),
        open(2, TEXT),
        textDelta(2, "Yes"),
        delta(2, { type: "citations_delta", citation }),
        close(2),
        ...end("end_turn"),
      ),
    );
    const deltas = events.flatMap(({ chunk }) => chunk.choices.map((choice) => choice.delta));
    expect(deltas.flatMap((each) => each.reasoning_details ?? [])).toEqual([
      {
        type: "reasoning.text",
        index: 0,
        text: "Hm",
        signature: "S=",
        format: "anthropic-claude-v1",
      },
      { type: "reasoning.encrypted", index: 1, data: "Enc=", format: "anthropic-claude-v1" },
    ]);
    expect(deltas.flatMap((each) => each["annotations"] ?? [])).toEqual([
      {
        type: "url_citation",
        index: 0,
        url_citation: { start_index: 0, end_index: 3, title: "X", url: "https://x.test/" },
      },
    ]);
  });
});

describe("a schema answered through a tool", () => {
  const request: Partial<ChatRequest> = {
    response_format: {
      type: "json_schema",
      json_schema: { name: "city", schema: { type: "object" } },
    },
    tools: [{ type: "function", function: { name: "weather" } }],
  };

  it("is the text of the answer and ends with stop", async () => {
    const whole = bench.decode(
      message([TEXT, tool("toolu_1", "json", { city: "Paris" })], { stop_reason: "tool_use" }),
      request,
    );
    expect(whole.body["choices"]).toMatchObject([
      { message: { content: '{"city":"Paris"}' }, finish_reason: "stop" },
    ]);
    expect(JSON.stringify(whole.body)).not.toContain("tool_calls");
    const events = await bench.decodeStream(
      frames(
        start(),
        open(0, TEXT),
        textDelta(0, "Here it is:"),
        close(0),
        open(1, tool("toolu_1", "json")),
        inputDelta(1, '{"city":'),
        inputDelta(1, '"Paris"}'),
        close(1),
        ...end("tool_use"),
      ),
      request,
    );
    const { text, toolCalls, finishReason } = assembleChat(events);
    expect([text, toolCalls, finishReason]).toEqual(['{"city":"Paris"}', [], "stop"]);
  });

  it("leaves calls of the caller's own tools what they are, and text where no tool was called", async () => {
    const called = await bench.decodeStream(
      frames(
        start(),
        open(0, tool("toolu_1", "weather")),
        inputDelta(0, "{}"),
        close(0),
        ...end("tool_use"),
      ),
      request,
    );
    expect(assembleChat(called)).toMatchObject({
      text: "",
      toolCalls: [{ id: "toolu_1", name: "weather", arguments: "{}" }],
      finishReason: "tool_calls",
    });
    const told = await bench.decodeStream(
      frames(start(), open(0, TEXT), textDelta(0, "No idea."), close(0), ...end("end_turn")),
      request,
    );
    expect(assembleChat(told)).toMatchObject({ text: "No idea.", finishReason: "stop" });
  });
});

describe("a whole answer", () => {
  it("counts each kind of cached token once, and no part below zero", () => {
    const usage = (figures: Json) => bench.decode(message([], { usage: figures })).usage;
    expect(
      usage({ input_tokens: 3, cache_read_input_tokens: 18_000, cache_creation_input_tokens: 500 }),
    ).toMatchObject({ input: 3, cacheRead: 18_000, cacheWrite5m: 500, cacheWrite1h: 0 });
    expect(
      usage({
        input_tokens: 3,
        cache_creation_input_tokens: 500,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 400 },
      }),
    ).toMatchObject({ cacheWrite5m: 100, cacheWrite1h: 400 });
    expect(usage({ input_tokens: -5, output_tokens: 3 })).toMatchObject({ input: 0, output: 3 });
    expect(usage({ input_tokens: -5, output_tokens: Number.NaN })).toBeUndefined();
  });

  it("reports the counts in OpenAI's sums", () => {
    const { body } = bench.decode(
      message([], {
        usage: {
          input_tokens: 3,
          cache_read_input_tokens: 10,
          cache_creation_input_tokens: 5,
          output_tokens: 7,
        },
      }),
    );
    expect(body["usage"]).toMatchObject({
      prompt_tokens: 18,
      completion_tokens: 7,
      total_tokens: 25,
      prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 5 },
    });
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["compaction", "stop"],
    ["a_word_of_the_future", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["refusal", "content_filter"],
  ])("that stopped with %s finishes with %s", (stopReason, finish) => {
    const { body } = bench.decode(message([], { stop_reason: stopReason }));
    expect(body["choices"]).toMatchObject([
      { finish_reason: finish, native_finish_reason: stopReason },
    ]);
  });

  it("keeps signatures, redacted thoughts and the service tier", () => {
    const { body } = bench.decode(
      message(
        [
          { type: "thinking", thinking: "Hm", signature: "S=" },
          { type: "redacted_thinking", data: "Enc=" },
          { type: "text", text: "4" },
        ],
        { usage: { input_tokens: 1, output_tokens: 1, service_tier: "standard" } },
      ),
    );
    expect(body["service_tier"]).toBe("default");
    expect(body["choices"]).toMatchObject([
      {
        message: {
          content: "4",
          reasoning_content: "Hm",
          reasoning_details: [
            { type: "reasoning.text", text: "Hm", signature: "S=" },
            { type: "reasoning.encrypted", data: "Enc=" },
          ],
        },
      },
    ]);
  });

  it("that is an error, or nothing of the kind, is a failure", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(refusalOf(() => bench.decode(error)).code).toBe("server_overloaded");
    expect(refusalOf(() => bench.decode({ hello: 1 })).code).toBe("upstream_protocol");
    expect(refusalOf(() => bench.decode([])).code).toBe("upstream_protocol");
  });
});

describe("a refusal with a status", () => {
  it.each([
    [
      400,
      "invalid_request_error",
      "Your credit balance is too low.",
      "quota",
      "insufficient_quota",
    ],
    [401, "authentication_error", "invalid x-api-key", "auth", "upstream_auth"],
    [402, "billing_error", "No money.", "quota", "insufficient_quota"],
    [403, "permission_error", "No.", "auth", "upstream_auth"],
    [404, "not_found_error", "model: x", "model_missing", "model_not_found"],
    [413, "request_too_large", "Too large.", "rejected", "invalid_value"],
    [500, "api_error", "Internal.", "server", "upstream_error"],
    [504, "timeout_error", "Late.", "timeout", "upstream_timeout"],
    [529, "overloaded_error", "Overloaded", "overloaded", "server_overloaded"],
  ])("%i %s is classified", (status, type, text, kind, code) => {
    const body = JSON.stringify({ type: "error", error: { type, message: text } });
    const error = anthropic.decodeError({ status, headers: new Map(), body });
    expect([error.upstream?.kind, error.code]).toEqual([kind, code]);
  });
});
