import type { Reply } from "./fake-upstream.ts";

interface Counts {
  prompt: number;
  completion: number;
}

const MODEL = "gpt-5.2";
const CREATED = 1_800_000_000;
const DEFAULT_COUNTS: Counts = { prompt: 9, completion: 3 };

/** A whole chat completion in OpenAI's format. */
export function chatReply(text: string, counts: Counts = DEFAULT_COUNTS): Reply {
  return {
    json: {
      id: "chatcmpl-fake",
      object: "chat.completion",
      created: CREATED,
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: text, refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: usageOf(counts),
    },
  };
}

/** A streamed chat completion: one event for each text, then the finish, the usage and `[DONE]`. */
export function chatStreamReply(texts: readonly string[], counts: Counts = DEFAULT_COUNTS): Reply {
  return { headers: EVENT_STREAM, steps: chatStreamEvents(texts, counts) };
}

export const EVENT_STREAM = { "content-type": "text/event-stream; charset=utf-8" } as const;

/** The events of `chatStreamReply`, to be cut, delayed or broken by a test. */
export function chatStreamEvents(
  texts: readonly string[],
  counts: Counts = DEFAULT_COUNTS,
): string[] {
  return [
    chunkEvent({ role: "assistant", content: "" }, null),
    ...texts.map((content) => chunkEvent({ content }, null)),
    chunkEvent({}, "stop"),
    dataLine({ ...chunkFrame(), choices: [], usage: usageOf(counts) }),
    "data: [DONE]\n\n",
  ];
}

/** One `chat.completion.chunk` event with a single choice. */
export function chunkEvent(delta: Record<string, unknown>, finishReason: string | null): string {
  return dataLine({
    ...chunkFrame(),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  });
}

/** An error answer in OpenAI's shape. */
export function errorReply(
  status: number,
  error: { message: string; type?: string; code?: string | null; param?: string | null },
  headers: Record<string, string> = {},
): Reply {
  const type = error.type ?? "server_error";
  const body = {
    message: error.message,
    type,
    param: error.param ?? null,
    code: error.code ?? null,
  };
  return { status, headers, json: { error: body } };
}

function chunkFrame() {
  return {
    id: "chatcmpl-fake",
    object: "chat.completion.chunk",
    created: CREATED,
    model: MODEL,
    system_fingerprint: "fp_fake",
  };
}

function usageOf(counts: Counts) {
  return {
    prompt_tokens: counts.prompt,
    completion_tokens: counts.completion,
    total_tokens: counts.prompt + counts.completion,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

function dataLine(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
