import type { ProviderFixtures } from "./fixture.ts";

const FRAME = { modelVersion: "gemini-3-pro-x", responseId: "r1" };
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

type Part = Record<string, unknown>;

/** Counters as proto3 writes them: zeros are left out. */
function usage(prompt: number, candidates: number, more: object = {}) {
  return {
    promptTokenCount: prompt,
    ...(candidates === 0 ? {} : { candidatesTokenCount: candidates }),
    totalTokenCount: prompt + candidates,
    ...more,
  };
}

function whole(parts: readonly Part[], finishReason: string, usageMetadata: object) {
  const content = parts.length === 0 ? {} : { content: { role: "model", parts } };
  return { candidates: [{ ...content, finishReason, index: 0 }], usageMetadata, ...FRAME };
}

/** Each part in an event of its own, line ends as Google's servers write them. */
function stream(parts: readonly Part[], finishReason: string, usageMetadata: object): string {
  const events = [
    ...parts.map((part) => ({
      candidates: [{ content: { role: "model", parts: [part] }, index: 0 }],
      usageMetadata: { promptTokenCount: 1 },
      ...FRAME,
    })),
    whole([{ text: "" }], finishReason, usageMetadata),
  ];
  return events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join("");
}

const text = (value: string): Part => ({ text: value });
const call = (name: string, args?: object, signature?: string): Part => ({
  functionCall: { name, ...(args === undefined ? {} : { args }) },
  ...(signature === undefined ? {} : { thoughtSignature: signature }),
});

const ask = (question: string) => [{ role: "user", parts: [{ text: question }] }];

const TOOLS = [
  {
    functionDeclarations: [
      {
        name: "weather",
        description: "The weather of a place",
        parameters: { type: "object", properties: { location: { type: "string" } } },
      },
      { name: "update" },
    ],
  },
];

export const fixtures: ProviderFixtures = {
  provider: "google",
  modelName: "gemini-3-pro-preview",
  endMark: '"finishReason"',
  cases: {
    text: {
      sent: { contents: ask("Say hi") },
      whole: whole([text("Hi 👋 there")], "STOP", usage(9, 4, { cachedContentTokenCount: 3 })),
      stream: stream(
        [text("Hi"), text(" 👋"), text(" there")],
        "STOP",
        usage(9, 4, { cachedContentTokenCount: 3 }),
      ),
      expected: {
        text: "Hi 👋 there",
        finishReason: "stop",
        usage: { input: 6, cacheRead: 3, output: 4 },
      },
    },
    reasoning: {
      sent: {
        contents: ask("2+2?"),
        generationConfig: { thinkingConfig: { thinkingLevel: "high", includeThoughts: true } },
      },
      whole: whole(
        [
          { text: "Two and two.", thought: true },
          { text: "4", thoughtSignature: "Es0=" },
        ],
        "STOP",
        usage(9, 1, { thoughtsTokenCount: 11 }),
      ),
      stream: stream(
        [
          { text: "Two and", thought: true },
          { text: " two.", thought: true },
          text("4"),
          { text: "", thoughtSignature: "Es0=" },
        ],
        "STOP",
        usage(9, 1, { thoughtsTokenCount: 11 }),
      ),
      expected: {
        text: "4",
        reasoning: "Two and two.",
        finishReason: "stop",
        usage: { input: 9, output: 12, reasoning: 11 },
      },
    },
    tools: {
      sent: { contents: ask("Weather in SF?"), tools: TOOLS },
      whole: whole(
        [call("weather", { location: "SF" }, "EpE=")],
        "STOP",
        usage(29, 15, { thoughtsTokenCount: 804 }),
      ),
      stream: stream(
        [call("weather", { location: "SF" }, "EpE=")],
        "STOP",
        usage(29, 15, { thoughtsTokenCount: 804 }),
      ),
      expected: {
        toolCalls: [{ id: "*", name: "weather", arguments: '{"location":"SF"}' }],
        finishReason: "tool_calls",
        usage: { input: 29, output: 819, reasoning: 804 },
      },
    },
    parallelToolsAfterText: {
      whole: whole(
        [
          text("Looking."),
          call("weather", { location: "SF" }, "EpE="),
          call("weather", { location: "LA" }),
        ],
        "STOP",
        usage(40, 30),
      ),
      stream: stream(
        [
          text("Looking."),
          call("weather", { location: "SF" }, "EpE="),
          call("weather", { location: "LA" }),
        ],
        "STOP",
        usage(40, 30),
      ),
      expected: {
        text: "Looking.",
        toolCalls: [
          { id: "*", name: "weather", arguments: '{"location":"SF"}' },
          { id: "*", name: "weather", arguments: '{"location":"LA"}' },
        ],
        finishReason: "tool_calls",
        usage: { input: 40, output: 30 },
      },
    },
    toolWithoutArguments: {
      whole: whole([call("update")], "STOP", usage(30, 5)),
      stream: stream([call("update")], "STOP", usage(30, 5)),
      expected: {
        toolCalls: [{ id: "*", name: "update", arguments: "{}" }],
        finishReason: "tool_calls",
        usage: { input: 30, output: 5 },
      },
    },
    jsonSchema: {
      sent: {
        contents: ask("A city"),
        generationConfig: {
          responseMimeType: "application/json",
          responseSchema: {
            type: "object",
            properties: { city: { type: "string" } },
            required: ["city"],
          },
        },
      },
      whole: whole([text('{"city":"Paris"}')], "STOP", usage(40, 8)),
      stream: stream([text('{"city":'), text('"Paris"}')], "STOP", usage(40, 8)),
      expected: {
        text: '{"city":"Paris"}',
        finishReason: "stop",
        usage: { input: 40, output: 8 },
      },
    },
    image: {
      sent: {
        contents: [
          {
            role: "user",
            parts: [
              { text: "What is this?" },
              { inlineData: { mimeType: "image/png", data: PIXEL } },
            ],
          },
        ],
      },
      whole: whole([text("A pixel.")], "STOP", usage(60, 4)),
      stream: stream([text("A pixel.")], "STOP", usage(60, 4)),
      expected: { text: "A pixel.", finishReason: "stop", usage: { input: 60, output: 4 } },
    },
    length: {
      sent: { contents: ask("Tell a story"), generationConfig: { maxOutputTokens: 16 } },
      whole: whole([text("Once upon")], "MAX_TOKENS", usage(10, 16)),
      stream: stream([text("Once"), text(" upon")], "MAX_TOKENS", usage(10, 16)),
      expected: { text: "Once upon", finishReason: "length", usage: { input: 10, output: 16 } },
    },
    // A blocked prompt has no candidates at all.
    refusal: {
      whole: { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: usage(20, 0), ...FRAME },
      stream: `data: ${JSON.stringify({ promptFeedback: { blockReason: "SAFETY" }, usageMetadata: usage(20, 0), ...FRAME })}\r\n\r\n`,
      expected: { finishReason: "content_filter", usage: { input: 20 } },
    },
  },
  rateLimit: {
    status: 429,
    headers: {},
    body: JSON.stringify({
      error: {
        code: 429,
        message: "You exceeded your current quota.",
        status: "RESOURCE_EXHAUSTED",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }],
          },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.4s" },
        ],
      },
    }),
    retryAfterMs: 34_400,
  },
  inBandError: {
    stream:
      'data: {"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}\r\n\r\n',
    kind: "overloaded",
  },
  contextLength: {
    status: 400,
    body: '{"error":{"code":400,"message":"The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}',
  },
};
