import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProviderId } from "#lib/catalog/providers.ts";
import type { ChatMessage, ChatRequest } from "#lib/contract/chat.ts";
import type { Wire } from "#lib/providers/wire.ts";
import { assembleChat, type ReadAnswer, readCompletion } from "#lib/testing/chat-assembly.ts";
import { benchWire, type WireBench } from "#lib/testing/wire-bench.ts";
import { anthropic } from "./anthropic/wire.ts";
import { gemini } from "./gemini/wire.ts";

/** A server that knows the providers' formats from elsewhere, so that both sides cannot err alike. */
const mock = new LLMock({ port: 0, strict: true });

const TOOLS: ChatRequest["tools"] = [
  {
    type: "function",
    function: {
      name: "weather",
      description: "The weather of a place",
      parameters: { type: "object", properties: { at: { type: "string" } }, required: ["at"] },
    },
  },
];

beforeAll(async () => {
  mock.onMessage("hello", { content: "Hello from the other side, at some length." });
  mock.onMessage("think", { content: "42", reasoning: "Six times seven." });
  mock.addFixture({
    match: { toolResultContains: "rain" },
    response: { content: "Take an umbrella." },
  });
  mock.onMessage("weather", {
    toolCalls: [{ name: "weather", arguments: '{"at":"Paris"}' }],
    reasoning: "I should look.",
  });
  await mock.start();
});

afterAll(async () => {
  await mock.stop();
});

interface Target {
  wire: Wire;
  provider: ProviderId;
  modelName: string;
  version: string;
  headers: Record<string, string>;
}

const TARGETS: [string, Target][] = [
  [
    "Claude with a budget",
    {
      wire: anthropic,
      provider: "anthropic",
      modelName: "claude-sonnet-4-5",
      version: "/v1",
      headers: { "x-api-key": "k", "anthropic-version": "2023-06-01" },
    },
  ],
  [
    "Gemini",
    {
      wire: gemini,
      provider: "google",
      modelName: "gemini-2.5-flash",
      version: "/v1beta",
      headers: { "x-goog-api-key": "k" },
    },
  ],
];

async function ask(
  target: Target,
  bench: WireBench,
  request: Partial<ChatRequest>,
): Promise<ReadAnswer> {
  const { path, body } = bench.encode(request);
  const reply = await fetch(`${mock.url}${target.version}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...target.headers },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) {
    throw target.wire.decodeError({ status: reply.status, headers: new Map(), body: text });
  }
  if (request.stream === true) {
    return assembleChat(await bench.decodeStream(text, request));
  }
  const decoded = bench.decode(JSON.parse(text), request);
  return readCompletion(decoded.body, decoded.usage);
}

describe.each(TARGETS)("%s at another implementation of its format", (_name, target) => {
  describe.each([false, true])("streamed: %s", (stream) => {
    const bench = benchWire(target.wire, target.provider, { modelName: target.modelName });
    const say = (content: string): Partial<ChatRequest> => ({
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content },
      ],
      stream,
    });

    it("answers with text", async () => {
      const answer = await ask(target, bench, say("hello"));
      expect(answer).toMatchObject({
        text: "Hello from the other side, at some length.",
        finishReason: "stop",
      });
    });

    it("answers with reasoning before the text", async () => {
      const answer = await ask(target, bench, { ...say("think"), reasoning_effort: "high" });
      expect(answer).toMatchObject({ text: "42", reasoning: "Six times seven." });
    });

    it("passes a tool loop that checks its thinking", async () => {
      const first: Partial<ChatRequest> = {
        ...say("weather"),
        tools: TOOLS,
        reasoning_effort: "high",
      };
      const { toolCalls, finishReason } = await ask(target, bench, first);
      expect([toolCalls.length, finishReason]).toEqual([1, "tool_calls"]);
      const calls = toolCalls.map((call) => ({
        id: call.id,
        type: "function" as const,
        function: { name: call.name, arguments: call.arguments },
      }));
      expect(calls[0]?.function).toEqual({ name: "weather", arguments: '{"at":"Paris"}' });
      const messages: ChatMessage[] = [
        ...(first.messages ?? []),
        { role: "assistant", content: null, tool_calls: calls },
        { role: "tool", tool_call_id: calls[0]?.id ?? "", content: "rain" },
      ];
      const second = await ask(target, bench, { ...first, messages });
      expect(second).toMatchObject({ text: "Take an umbrella.", finishReason: "stop" });
    });
  });
});
