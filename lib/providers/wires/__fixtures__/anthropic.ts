import type { ProviderFixtures } from "./fixture.ts";

const MODEL = "claude-opus-4-6";

interface Figures {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  cache_creation?: object;
  output_tokens_details?: object;
}

type Json = Record<string, unknown>;

function whole(content: readonly object[], stopReason: string, usage: Figures, extra: object = {}) {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-opus-4-6-20260205",
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { cache_creation_input_tokens: 0, cache_read_input_tokens: 0, ...usage },
    ...extra,
  };
}

function frames(...events: readonly Json[]): string {
  return events
    .map((event) => `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

/** A text in two pieces, the first of which may be empty, as the first JSON delta is. */
const halves = (text: string, first: number) => [text.slice(0, first), text.slice(first)];

/** A block as it opens, and the deltas that fill it. */
function opened(block: Json): [Json, Json[]] {
  switch (block["type"]) {
    case "text":
      return [
        { type: "text", text: "" },
        halves(String(block["text"]), 2).map((text) => ({ type: "text_delta", text })),
      ];
    case "thinking":
      return [
        { type: "thinking", thinking: "", signature: "" },
        [
          ...halves(String(block["thinking"]), 4).map((thinking) => ({
            type: "thinking_delta",
            thinking,
          })),
          { type: "signature_delta", signature: block["signature"] },
        ],
      ];
    case "tool_use": {
      const json = JSON.stringify(block["input"]);
      const pieces = json === "{}" ? [""] : ["", ...halves(json, 7)];
      return [
        { ...block, input: {} },
        pieces.map((partial_json) => ({ type: "input_json_delta", partial_json })),
      ];
    }
    default:
      return [block, []];
  }
}

function stream(content: readonly Json[], stopReason: string, usage: Figures, extra: object) {
  const { output_tokens: _, output_tokens_details: __, ...input } = usage;
  const message = { ...whole([], "", { ...input, output_tokens: 1 }), stop_reason: null };
  const blocks = content.flatMap((block, index) => {
    const [content_block, deltas] = opened(block);
    return [
      { type: "content_block_start", index, content_block },
      { type: "ping" },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ];
  });
  const delta = { stop_reason: stopReason, stop_sequence: null, ...extra };
  return frames(
    { type: "message_start", message },
    ...blocks,
    { type: "message_delta", delta, usage },
    { type: "message_stop" },
  );
}

/** The same answer whole and streamed. */
function answer(content: readonly Json[], stopReason: string, usage: Figures, extra: object = {}) {
  return {
    whole: whole(content, stopReason, usage, extra),
    stream: stream(content, stopReason, usage, extra),
  };
}

const text = (value: string): Json => ({ type: "text", text: value, citations: null });
const tool = (id: string, name: string, input: object): Json => ({
  type: "tool_use",
  id,
  name,
  input,
});

const REFUSED = {
  stop_details: { type: "refusal", category: "weapons", explanation: "I cannot help with that." },
};

const TOOLS = [
  {
    name: "weather",
    description: "The weather of a place",
    input_schema: { type: "object", properties: { location: { type: "string" } } },
  },
  { name: "update", input_schema: { type: "object", properties: {} } },
];

const CITY = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const ask = (question: string) => [{ role: "user", content: [{ type: "text", text: question }] }];

export const fixtures: ProviderFixtures = {
  provider: "anthropic",
  modelName: MODEL,
  endMark: "event: message_delta",
  cases: {
    text: {
      sent: { model: MODEL, max_tokens: 128_000, messages: ask("Say hi") },
      ...answer([text("Hi 👋 there")], "end_turn", {
        input_tokens: 9,
        output_tokens: 4,
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      }),
      expected: {
        text: "Hi 👋 there",
        finishReason: "stop",
        usage: { input: 9, cacheRead: 3, cacheWrite5m: 10, cacheWrite1h: 20, output: 4 },
      },
    },
    reasoning: {
      sent: {
        model: MODEL,
        max_tokens: 128_000,
        messages: ask("2+2?"),
        thinking: { type: "adaptive" },
        output_config: { effort: "high" },
      },
      ...answer(
        [
          { type: "thinking", thinking: "Two and two.", signature: "Es0=" },
          { type: "redacted_thinking", data: "Enc=" },
          text("4"),
        ],
        "end_turn",
        { input_tokens: 9, output_tokens: 12, output_tokens_details: { thinking_tokens: 7 } },
      ),
      expected: {
        text: "4",
        reasoning: "Two and two.",
        finishReason: "stop",
        usage: { input: 9, output: 12, reasoning: 7 },
      },
    },
    tools: {
      sent: { model: MODEL, max_tokens: 128_000, messages: ask("Weather in SF?"), tools: TOOLS },
      ...answer([tool("toolu_1", "weather", { location: "SF" })], "tool_use", {
        input_tokens: 124,
        output_tokens: 22,
      }),
      expected: {
        toolCalls: [{ id: "toolu_1", name: "weather", arguments: '{"location":"SF"}' }],
        finishReason: "tool_calls",
        usage: { input: 124, output: 22 },
      },
    },
    parallelToolsAfterText: {
      ...answer(
        [
          text("Looking."),
          tool("toolu_1", "weather", { location: "SF" }),
          tool("toolu_2", "weather", { location: "LA" }),
        ],
        "tool_use",
        { input_tokens: 130, output_tokens: 60 },
      ),
      expected: {
        text: "Looking.",
        toolCalls: [
          { id: "toolu_1", name: "weather", arguments: '{"location":"SF"}' },
          { id: "toolu_2", name: "weather", arguments: '{"location":"LA"}' },
        ],
        finishReason: "tool_calls",
        usage: { input: 130, output: 60 },
      },
    },
    toolWithoutArguments: {
      ...answer([text("Hi"), tool("toolu_1", "update", {})], "tool_use", {
        input_tokens: 565,
        output_tokens: 48,
      }),
      expected: {
        text: "Hi",
        toolCalls: [{ id: "toolu_1", name: "update", arguments: "{}" }],
        finishReason: "tool_calls",
        usage: { input: 565, output: 48 },
      },
    },
    jsonSchema: {
      sent: {
        model: MODEL,
        max_tokens: 128_000,
        messages: ask("A city"),
        output_config: { format: { type: "json_schema", schema: CITY } },
      },
      ...answer([text('{"city":"Paris"}')], "end_turn", { input_tokens: 40, output_tokens: 8 }),
      expected: {
        text: '{"city":"Paris"}',
        finishReason: "stop",
        usage: { input: 40, output: 8 },
      },
    },
    image: {
      sent: {
        model: MODEL,
        max_tokens: 128_000,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is this?" },
              { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } },
            ],
          },
        ],
      },
      ...answer([text("A pixel.")], "end_turn", { input_tokens: 60, output_tokens: 4 }),
      expected: { text: "A pixel.", finishReason: "stop", usage: { input: 60, output: 4 } },
    },
    length: {
      sent: { model: MODEL, max_tokens: 16, messages: ask("Tell a story") },
      ...answer([text("Once upon")], "max_tokens", { input_tokens: 10, output_tokens: 16 }),
      expected: { text: "Once upon", finishReason: "length", usage: { input: 10, output: 16 } },
    },
    refusal: {
      ...answer([], "refusal", { input_tokens: 20, output_tokens: 3 }, REFUSED),
      expected: {
        refusal: "I cannot help with that.",
        finishReason: "content_filter",
        usage: { input: 20, output: 3 },
      },
    },
  },
  rateLimit: {
    status: 429,
    headers: { "retry-after": "12" },
    body: '{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your rate limit."},"request_id":"req_1"}',
    retryAfterMs: 12_000,
  },
  inBandError: {
    stream: frames({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    kind: "overloaded",
  },
  contextLength: {
    status: 400,
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
  },
};
