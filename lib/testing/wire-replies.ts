import type { ProviderId } from "#lib/catalog/providers.ts";
import type { FakeRequest, Reply } from "./fake-upstream.ts";
import { EVENT_STREAM } from "./openai-replies.ts";

type Json = Record<string, unknown>;

/** What a fake of some provider was asked, in the terms that all providers share. */
export interface Asked {
  /** The text of the last message. */
  text: string;
  stream: boolean;
  choices: number;
}

/** One provider's format, as far as a test of the gateway's own behaviour needs it. */
export interface FakeWire {
  provider: ProviderId;
  modelName: string;
  /** What follows the fake's address as `api_base`. */
  base: string;
  /** Whether it gives more than one choice. */
  hasChoices: boolean;
  read(request: FakeRequest): Asked;
  /** An answer in which every choice says the same, in pieces when it is streamed. */
  write(asked: Asked, pieces: readonly string[]): Reply;
}

const openai: Omit<FakeWire, "provider" | "modelName" | "base"> = {
  hasChoices: true,
  read(request) {
    const body = request.json() as Json & { messages: { content: string }[] };
    return {
      text: body.messages.at(-1)?.content ?? "",
      stream: body["stream"] === true,
      choices: Number(body["n"] ?? 1),
    };
  },
  write({ stream, choices }, pieces) {
    const frame = { id: "c1", created: 1, model: "m" };
    const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
    const indexes = Array.from({ length: choices }, (_, index) => index);
    if (!stream) {
      return {
        json: {
          ...frame,
          object: "chat.completion",
          choices: indexes.map((index) => ({
            index,
            message: { role: "assistant", content: pieces.join(""), refusal: null },
            logprobs: null,
            finish_reason: "stop",
          })),
          usage,
        },
      };
    }
    const event = (index: number, delta: Json, finish_reason: string | null): string =>
      dataEvent({
        ...frame,
        object: "chat.completion.chunk",
        choices: [{ index, delta, logprobs: null, finish_reason }],
      });
    return {
      headers: EVENT_STREAM,
      steps: [
        ...indexes.map((index) => event(index, { role: "assistant", content: "" }, null)),
        ...pieces.flatMap((content) => indexes.map((index) => event(index, { content }, null))),
        ...indexes.map((index) => event(index, {}, "stop")),
        dataEvent({ ...frame, object: "chat.completion.chunk", choices: [], usage }),
        "data: [DONE]\n\n",
      ],
    };
  },
};

const anthropic: FakeWire = {
  provider: "anthropic",
  modelName: "claude-opus-4-6",
  base: "/v1",
  hasChoices: false,
  read(request) {
    const body = request.json() as Json & { messages: { content: { text: string }[] }[] };
    const text = body.messages.at(-1)?.content.at(-1)?.text ?? "";
    return { text, stream: body["stream"] === true, choices: 1 };
  },
  write({ stream }, pieces) {
    const usage = { input_tokens: 9, output_tokens: 3 };
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-opus-4-6",
      stop_sequence: null,
      usage,
    };
    const text = pieces.join("");
    if (!stream) {
      return { json: { ...message, content: [{ type: "text", text }], stop_reason: "end_turn" } };
    }
    const events: Json[] = [
      { type: "message_start", message: { ...message, content: [], stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      ...pieces.map((piece) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text: piece },
      })),
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage },
      { type: "message_stop" },
    ];
    return {
      headers: EVENT_STREAM,
      steps: events.map((event) => `event: ${event["type"]}\n${dataEvent(event)}`),
    };
  },
};

const google: FakeWire = {
  provider: "google",
  modelName: "gemini-3-pro-preview",
  base: "/v1beta",
  hasChoices: false,
  read(request) {
    const body = request.json() as { contents: { parts: { text: string }[] }[] };
    const text = body.contents.at(-1)?.parts[0]?.text ?? "";
    return { text, stream: request.path.includes("streamGenerateContent"), choices: 1 };
  },
  write({ stream }, pieces) {
    const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 3, totalTokenCount: 12 };
    const frame = { modelVersion: "gemini-3-pro-preview", responseId: "r1", usageMetadata };
    const candidate = (text: string, finish: Json): Json => ({
      ...frame,
      candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...finish }],
    });
    const end = { finishReason: "STOP" };
    return stream
      ? {
          headers: EVENT_STREAM,
          steps: [...pieces.map((text) => candidate(text, {})), candidate("", end)].map(dataEvent),
        }
      : { json: candidate(pieces.join(""), end) };
  },
};

/** One provider of every format. */
export const FAKE_WIRES: readonly FakeWire[] = [
  { ...openai, provider: "openai", modelName: "gpt-5.2", base: "/v1" },
  { ...openai, provider: "mistral", modelName: "mistral-large-latest", base: "/v1" },
  anthropic,
  google,
];

function dataEvent(event: unknown): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
