import { dataStream, type ProviderFixtures } from "./fixture.ts";

const FRAME = {
  id: "chatcmpl-Cj1",
  created: 1_764_000_001,
  model: "gpt-5.2-2025-12-11",
  service_tier: "default",
  system_fingerprint: null,
};

function usage(
  prompt: number,
  completion: number,
  details: { cached?: number; reasoning?: number } = {},
) {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: details.cached ?? 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: details.reasoning ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function whole(message: object, finishReason: string, figures: object) {
  return {
    ...FRAME,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: null, annotations: [], ...message },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: figures,
  };
}

function stream(deltas: readonly object[], finishReason: string, figures: object): string {
  const chunk = (delta: object, finish: string | null) => ({
    ...FRAME,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
    obfuscation: "yZ3",
  });
  return dataStream(
    chunk({ role: "assistant", content: "", refusal: null }, null),
    ...deltas.map((delta) => chunk(delta, null)),
    chunk({}, finishReason),
    { ...FRAME, object: "chat.completion.chunk", choices: [], usage: figures, obfuscation: "" },
  );
}

function call(id: string, name: string, text: string) {
  return { id, type: "function", function: { name, arguments: text } };
}

const opened = (index: number, id: string, name: string) => ({
  tool_calls: [{ index, ...call(id, name, "") }],
});
const fragment = (index: number, text: string) => ({
  tool_calls: [{ index, function: { arguments: text } }],
});

export const fixtures: ProviderFixtures = {
  provider: "openai",
  modelName: "gpt-5.2",
  endMark: '"finish_reason":"stop"',
  cases: {
    text: {
      sent: { model: "gpt-5.2", messages: [{ role: "user", content: "Say hi" }] },
      whole: whole({ content: "Hi 👋 there" }, "stop", usage(9, 4, { cached: 3 })),
      stream: stream(
        [{ content: "Hi" }, { content: " 👋" }, { content: " there" }],
        "stop",
        usage(9, 4, { cached: 3 }),
      ),
      expected: {
        text: "Hi 👋 there",
        finishReason: "stop",
        usage: { input: 6, cacheRead: 3, output: 4 },
      },
    },
    // Chat Completions tells how many tokens were spent on reasoning, and nothing of their text.
    reasoning: {
      whole: whole({ content: "4" }, "stop", usage(9, 77, { reasoning: 64 })),
      stream: stream([{ content: "4" }], "stop", usage(9, 77, { reasoning: 64 })),
      expected: {
        text: "4",
        finishReason: "stop",
        usage: { input: 9, output: 77, reasoning: 64 },
      },
    },
    tools: {
      whole: whole(
        { tool_calls: [call("call_a", "weather", '{"location":"SF"}')] },
        "tool_calls",
        usage(50, 12),
      ),
      stream: stream(
        [opened(0, "call_a", "weather"), fragment(0, '{"loc'), fragment(0, 'ation":"SF"}')],
        "tool_calls",
        usage(50, 12),
      ),
      expected: {
        toolCalls: [{ id: "call_a", name: "weather", arguments: '{"location":"SF"}' }],
        finishReason: "tool_calls",
        usage: { input: 50, output: 12 },
      },
    },
    parallelToolsAfterText: {
      whole: whole(
        {
          content: "Looking.",
          tool_calls: [
            call("call_a", "weather", '{"location":"SF"}'),
            call("call_b", "weather", '{"location":"LA"}'),
          ],
        },
        "tool_calls",
        usage(50, 30),
      ),
      stream: stream(
        [
          { content: "Looking." },
          opened(0, "call_a", "weather"),
          fragment(0, '{"location":"SF"}'),
          opened(1, "call_b", "weather"),
          fragment(1, '{"location":"LA"}'),
        ],
        "tool_calls",
        usage(50, 30),
      ),
      expected: {
        text: "Looking.",
        toolCalls: [
          { id: "call_a", name: "weather", arguments: '{"location":"SF"}' },
          { id: "call_b", name: "weather", arguments: '{"location":"LA"}' },
        ],
        finishReason: "tool_calls",
        usage: { input: 50, output: 30 },
      },
    },
    toolWithoutArguments: {
      whole: whole({ tool_calls: [call("call_a", "update", "")] }, "tool_calls", usage(40, 5)),
      stream: stream([opened(0, "call_a", "update")], "tool_calls", usage(40, 5)),
      expected: {
        toolCalls: [{ id: "call_a", name: "update", arguments: "{}" }],
        finishReason: "tool_calls",
        usage: { input: 40, output: 5 },
      },
    },
    jsonSchema: {
      whole: whole({ content: '{"city":"Rome"}' }, "stop", usage(60, 6)),
      stream: stream([{ content: '{"city":' }, { content: '"Rome"}' }], "stop", usage(60, 6)),
      expected: { text: '{"city":"Rome"}', finishReason: "stop", usage: { input: 60, output: 6 } },
    },
    image: {
      whole: whole({ content: "A pixel." }, "stop", usage(270, 4)),
      stream: stream([{ content: "A pixel." }], "stop", usage(270, 4)),
      expected: { text: "A pixel.", finishReason: "stop", usage: { input: 270, output: 4 } },
    },
    length: {
      sent: {
        model: "gpt-5.2",
        messages: [{ role: "user", content: "Tell a story" }],
        max_completion_tokens: 16,
      },
      whole: whole({ content: "Once upon" }, "length", usage(10, 16)),
      stream: stream([{ content: "Once" }, { content: " upon" }], "length", usage(10, 16)),
      expected: { text: "Once upon", finishReason: "length", usage: { input: 10, output: 16 } },
    },
    refusal: {
      whole: whole({ refusal: "I can't help with that." }, "stop", usage(12, 8)),
      stream: stream(
        [{ refusal: "I can't" }, { refusal: " help with that." }],
        "stop",
        usage(12, 8),
      ),
      expected: {
        refusal: "I can't help with that.",
        finishReason: "stop",
        usage: { input: 12, output: 8 },
      },
    },
  },
  rateLimit: {
    status: 429,
    headers: { "retry-after": "2", "retry-after-ms": "1340" },
    body: '{"error":{"message":"Rate limit reached for gpt-5.2 in organization org-x on tokens per min (TPM).","type":"tokens","param":null,"code":"rate_limit_exceeded"}}',
    retryAfterMs: 1340,
  },
  inBandError: {
    stream:
      'data: {"error":{"message":"The server is overloaded.","type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}\n\n',
    kind: "overloaded",
  },
  contextLength: {
    status: 400,
    body: '{"error":{"message":"Your input exceeds the context window of this model.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}',
  },
};
