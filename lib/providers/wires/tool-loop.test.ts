import { describe, expect, it } from "vitest";
import type { ProviderId } from "#lib/catalog/providers.ts";
import type { ChatMessage, ChatRequest } from "#lib/contract/chat.ts";
import type { Wire } from "#lib/providers/wire.ts";
import { assembleChat, readCompletion } from "#lib/testing/chat-assembly.ts";
import { benchWire, type WireBench } from "#lib/testing/wire-bench.ts";
import { anthropic } from "./anthropic/wire.ts";
import { gemini } from "./gemini/wire.ts";

type Json = Record<string, unknown>;

/** A provider that thinks before it calls a tool, and wants its thoughts back with the result. */
interface Script {
  wire: Wire;
  provider: ProviderId;
  modelName: string;
  whole: Json;
  stream: string;
  /** What has to stand in the second request, or the provider answers 400. */
  demands(body: Json): boolean;
  /** What the second request looks like when the state is lost. */
  without: Json;
  adjusted: string;
}

const thinking = { type: "thinking", thinking: "The tool.", signature: "Es0=" };
const toolUse = { type: "tool_use", id: "toolu_1", name: "weather", input: { at: "SF" } };
const claudeMessage = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  stop_reason: "tool_use",
  usage: { input_tokens: 1, output_tokens: 1 },
};
const claudeStream = [
  { type: "message_start", message: { ...claudeMessage, content: [], stop_reason: null } },
  {
    type: "content_block_start",
    index: 0,
    content_block: { type: "thinking", thinking: "", signature: "" },
  },
  {
    type: "content_block_delta",
    index: 0,
    delta: { type: "thinking_delta", thinking: "The tool." },
  },
  {
    type: "content_block_delta",
    index: 0,
    delta: { type: "signature_delta", signature: "Es0=" },
  },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { ...toolUse, input: {} } },
  {
    type: "content_block_delta",
    index: 1,
    delta: { type: "input_json_delta", partial_json: '{"at":"SF"}' },
  },
  { type: "content_block_stop", index: 1 },
  { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
  { type: "message_stop" },
];

const geminiAnswer = {
  candidates: [
    {
      content: {
        role: "model",
        parts: [
          { functionCall: { name: "weather", args: { at: "SF" } }, thoughtSignature: "EpE=" },
        ],
      },
      finishReason: "STOP",
      index: 0,
    },
  ],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
  responseId: "r1",
  modelVersion: "gemini-3-x",
};

function claude(modelName: string, off: Json): Script {
  return {
    wire: anthropic,
    provider: "anthropic",
    modelName,
    whole: { ...claudeMessage, content: [thinking, toolUse] },
    stream: claudeStream
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(""),
    demands: ({ messages, thinking: asked }) => {
      const turn = (messages as { role: string; content: Json[] }[])[1];
      return (
        (asked as Json | undefined)?.["type"] !== "disabled" &&
        JSON.stringify(turn?.content) === JSON.stringify([thinking, toolUse])
      );
    },
    without: off,
    adjusted: "reasoning_effort",
  };
}

const SCRIPTS: [string, Script][] = [
  ["Claude with a budget", claude("claude-opus-4-20250514", { thinking: { type: "disabled" } })],
  ["Claude with efforts", claude("claude-opus-4-6", { thinking: { type: "disabled" } })],
  [
    "Gemini",
    {
      wire: gemini,
      provider: "google",
      modelName: "gemini-3-pro-preview",
      whole: geminiAnswer,
      stream: `data: ${JSON.stringify(geminiAnswer)}\n\n`,
      demands: ({ contents }) => {
        const [part] = (contents as { parts: Json[] }[])[1]?.parts ?? [];
        return part?.["thoughtSignature"] === "EpE=";
      },
      without: {
        contents: [
          {},
          { parts: [{ thoughtSignature: "skip_thought_signature_validator" }] },
          { parts: [{ functionResponse: { name: "weather", response: { result: "rain" } } }] },
        ],
      },
      adjusted: "thought_signature",
    },
  ],
];

const FIRST: Partial<ChatRequest> = {
  messages: [{ role: "user", content: "Weather in SF?" }],
  tools: [
    {
      type: "function",
      function: { name: "weather", parameters: { type: "object", properties: { at: {} } } },
    },
  ],
  reasoning_effort: "high",
};

/** The second turn of a client that knows OpenAI's own fields and nothing else. */
function secondTurn(call: { id: string; name: string; arguments: string }): Partial<ChatRequest> {
  const { id, name, arguments: text } = call;
  const history: ChatMessage[] = [
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id, type: "function", function: { name, arguments: text } }],
    },
    { role: "tool", tool_call_id: id, content: "rain" },
  ];
  return { ...FIRST, messages: [...(FIRST.messages ?? []), ...history] };
}

async function firstCall(bench: WireBench, script: Script, isStream: boolean) {
  const answer = isStream
    ? assembleChat(await bench.decodeStream(script.stream, { ...FIRST, stream: true }))
    : readCompletion(bench.decode(script.whole, FIRST).body, undefined);
  const [call] = answer.toolCalls;
  if (call === undefined) {
    throw new Error("The first answer called no tool.");
  }
  return call;
}

describe.each(SCRIPTS)("a tool loop with %s", (_name, script) => {
  const { wire, provider, modelName } = script;

  it.each([
    ["whole", false],
    ["streamed", true],
  ])("passes its second turn with a client that keeps standard fields only (%s)", async (_, is) => {
    const bench = benchWire(wire, provider, { modelName });
    const call = await firstCall(bench, script, is);
    const { body, adjusted } = bench.encode(secondTurn(call));
    expect(script.demands(body)).toBe(true);
    expect(adjusted).not.toContain("thought_signature");
  });

  it("goes on with what the client itself sends back when the state is lost", async () => {
    const bench = benchWire(wire, provider, { modelName });
    const { body } = bench.decode(script.whole, FIRST);
    const [choice] = body["choices"] as { message: ChatMessage }[];
    const message = choice?.message as Extract<ChatMessage, { role: "assistant" }>;
    const id = message.tool_calls?.[0]?.id ?? "";
    bench.kept.clear();
    const messages: ChatMessage[] = [
      ...(FIRST.messages ?? []),
      message,
      { role: "tool", tool_call_id: id, content: "rain" },
    ];
    expect(script.demands(bench.encode({ ...FIRST, messages }).body)).toBe(true);
  });

  it("does without, and says so, when nobody has the state any more", async () => {
    const bench = benchWire(wire, provider, { modelName });
    const call = await firstCall(bench, script, false);
    bench.kept.clear();
    const { body, adjusted } = bench.encode(secondTurn(call));
    expect(body).toMatchObject(script.without);
    expect(JSON.stringify(body)).not.toContain('signature":""');
    expect(adjusted).toContain(script.adjusted);
  });
});

describe("state of another provider", () => {
  const history = (message: Partial<Extract<ChatMessage, { role: "assistant" }>>) => ({
    messages: [
      { role: "user" as const, content: "Hi" },
      { role: "assistant" as const, content: "Hello", ...message },
      { role: "user" as const, content: "Go on" },
    ],
  });

  it("is never sent where it means nothing", () => {
    const claudeBench = benchWire(anthropic, "anthropic", { modelName: "claude-opus-4-6" });
    const foreign = {
      reasoning_content: "Hm",
      reasoning_details: [
        { type: "reasoning.encrypted", data: "G=", format: "google-gemini-v1", index: 0 },
      ],
    };
    const { body, adjusted } = claudeBench.encode(history(foreign));
    expect(JSON.stringify(body)).not.toMatch(/thinking|G=/);
    expect(adjusted).toContain("messages.reasoning_content");
    const geminiBench = benchWire(gemini, "google", { modelName: "gemini-3-pro-preview" });
    const own = geminiBench.encode(history(foreign));
    expect(JSON.stringify(own.body)).toContain('"thoughtSignature":"G="');
  });
});
