import { dataStream, type ProviderFixtures } from "./fixture.ts";

const FRAME = { id: "m1", created: 1_764_000_002, model: "mistral-medium-x" };

function usage(prompt: number, completion: number, cached?: number) {
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
    completion_tokens: completion,
    ...(cached === undefined ? {} : { num_cached_tokens: cached }),
  };
}

function whole(message: object, finishReason: string, figures: object) {
  return {
    ...FRAME,
    object: "chat.completion",
    usage: figures,
    choices: [
      {
        index: 0,
        message: { role: "assistant", tool_calls: null, content: "", ...message },
        finish_reason: finishReason,
      },
    ],
  };
}

/** The last delta comes in one chunk with the finish and the usage, as this provider sends it. */
function stream(deltas: readonly object[], finishReason: string, figures: object): string {
  const chunk = (delta: object, finish: string | null) => ({
    ...FRAME,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  });
  return dataStream(
    chunk({ role: "assistant", content: "" }, null),
    ...deltas.slice(0, -1).map((delta) => chunk(delta, null)),
    { ...chunk(deltas.at(-1) ?? {}, finishReason), usage: figures },
  );
}

const call = (id: string, name: string, text: string) => ({
  id,
  function: { name, arguments: text },
});

const thinking = (text: string) => ({ type: "thinking", thinking: [{ type: "text", text }] });

const PARAMETERS = { type: "object", properties: { location: { type: "string" } } };

export const fixtures: ProviderFixtures = {
  provider: "mistral",
  modelName: "mistral-medium-latest",
  endMark: '"finish_reason":"stop"',
  cases: {
    text: {
      sent: { model: "mistral-medium-latest", messages: [{ role: "user", content: "Say hi" }] },
      whole: whole({ content: "Hi 👋 there" }, "stop", usage(9, 4, 3)),
      stream: stream(
        [{ content: "Hi" }, { content: " 👋" }, { content: " there" }, { content: "" }],
        "stop",
        usage(9, 4, 3),
      ),
      expected: {
        text: "Hi 👋 there",
        finishReason: "stop",
        usage: { input: 6, cacheRead: 3, output: 4 },
      },
    },
    reasoning: {
      sent: {
        model: "mistral-medium-latest",
        messages: [{ role: "user", content: "2+2?" }],
        reasoning_effort: "high",
      },
      whole: whole(
        { content: [thinking("Two and two."), { type: "text", text: "4" }] },
        "stop",
        usage(9, 12),
      ),
      stream: stream(
        [
          { content: [thinking("Two and")] },
          { content: [thinking(" two.")] },
          { content: [{ type: "text", text: "4" }] },
          { content: "" },
        ],
        "stop",
        usage(9, 12),
      ),
      expected: {
        text: "4",
        reasoning: "Two and two.",
        finishReason: "stop",
        usage: { input: 9, output: 12 },
      },
    },
    tools: {
      sent: {
        model: "mistral-medium-latest",
        messages: [{ role: "user", content: "Weather in SF?" }],
        tools: [
          {
            type: "function",
            function: {
              name: "weather",
              description: "The weather of a place",
              parameters: PARAMETERS,
            },
          },
          {
            type: "function",
            function: { name: "update", parameters: { type: "object", properties: {} } },
          },
        ],
      },
      whole: whole(
        { tool_calls: [call("gSIMJiOkT", "weather", '{"location": "SF"}')] },
        "tool_calls",
        usage(124, 22),
      ),
      stream: stream(
        [{ content: null, tool_calls: [call("gSIMJiOkT", "weather", '{"location": "SF"}')] }],
        "tool_calls",
        usage(124, 22),
      ),
      expected: {
        toolCalls: [{ id: "gSIMJiOkT", name: "weather", arguments: '{"location": "SF"}' }],
        finishReason: "tool_calls",
        usage: { input: 124, output: 22 },
      },
    },
    parallelToolsAfterText: {
      whole: whole(
        {
          content: "Looking.",
          tool_calls: [
            call("aaaaaaaaa", "weather", '{"location":"SF"}'),
            call("bbbbbbbbb", "weather", '{"location":"LA"}'),
          ],
        },
        "tool_calls",
        usage(124, 40),
      ),
      stream: stream(
        [
          { content: "Looking." },
          {
            content: "",
            tool_calls: [
              call("aaaaaaaaa", "weather", '{"location":"SF"}'),
              call("bbbbbbbbb", "weather", '{"location":"LA"}'),
            ],
          },
        ],
        "tool_calls",
        usage(124, 40),
      ),
      expected: {
        text: "Looking.",
        toolCalls: [
          { id: "aaaaaaaaa", name: "weather", arguments: '{"location":"SF"}' },
          { id: "bbbbbbbbb", name: "weather", arguments: '{"location":"LA"}' },
        ],
        finishReason: "tool_calls",
        usage: { input: 124, output: 40 },
      },
    },
    toolWithoutArguments: {
      whole: whole({ tool_calls: [call("aaaaaaaaa", "update", "")] }, "tool_calls", usage(90, 6)),
      stream: stream(
        [{ content: "", tool_calls: [call("aaaaaaaaa", "update", "")] }],
        "tool_calls",
        usage(90, 6),
      ),
      expected: {
        toolCalls: [{ id: "aaaaaaaaa", name: "update", arguments: "{}" }],
        finishReason: "tool_calls",
        usage: { input: 90, output: 6 },
      },
    },
    jsonSchema: {
      whole: whole({ content: '{"city":"Rome"}' }, "stop", usage(60, 6)),
      stream: stream([{ content: '{"city":' }, { content: '"Rome"}' }], "stop", usage(60, 6)),
      expected: { text: '{"city":"Rome"}', finishReason: "stop", usage: { input: 60, output: 6 } },
    },
    image: {
      whole: whole({ content: "A pixel." }, "stop", usage(270, 4)),
      stream: stream([{ content: "A pixel." }, { content: "" }], "stop", usage(270, 4)),
      expected: { text: "A pixel.", finishReason: "stop", usage: { input: 270, output: 4 } },
    },
    length: {
      sent: {
        model: "mistral-medium-latest",
        messages: [{ role: "user", content: "Tell a story" }],
        max_tokens: 16,
      },
      whole: whole({ content: "Once upon" }, "model_length", usage(10, 16)),
      stream: stream([{ content: "Once" }, { content: " upon" }], "model_length", usage(10, 16)),
      expected: { text: "Once upon", finishReason: "length", usage: { input: 10, output: 16 } },
    },
    // Its models decline in plain text; there is no form of refusal apart.
    refusal: null,
  },
  rateLimit: {
    status: 429,
    headers: { "x-ratelimit-remaining-req-minute": "0" },
    body: '{"message":"Requests rate limit exceeded"}',
    retryAfterMs: undefined,
  },
  inBandError: {
    stream:
      'data: {"object":"error","message":"Service tier capacity exceeded for this model.","type":"service_tier_capacity_exceeded","param":null,"code":"3505"}\n\n',
    kind: "overloaded",
  },
  contextLength: {
    status: 400,
    body: '{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","param":null,"code":"3051"}',
  },
};
