import type { EndpointName } from "#lib/contract/answer.ts";
import type { ChatMessage, ChatRequest, ContentPart } from "#lib/contract/chat.ts";
import type { EmbeddingsRequest } from "#lib/contract/embeddings.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import type { ModerationsRequest } from "#lib/contract/moderations.ts";
import type { Price } from "#lib/contract/snapshot.ts";
import { costNanos } from "#lib/money.ts";
import { dearerOutput, unitPricesOf } from "./price.ts";
import { boundTokens, estimateTokens } from "./token-count.ts";

/** What an answer is reserved at when neither the request nor the caller of this names a cap. */
export const DEFAULT_OUTPUT_CAP = 4_096;

/*
 * What cannot be counted without decoding it, estimated so that it is rarely too little. An image:
 * the most that a vendor makes of one picture (Anthropic about 1,600, OpenAI 1,105, Gemini 258 a
 * tile); one sent with low detail is 85 at OpenAI. Sound: 32 tokens a second (Gemini; OpenAI 10) of
 * the thinnest usual compression, 4 kB a second. A document: some 3,000 tokens a page of 75 kB.
 */
const IMAGE_TOKENS = 1_600;
const LOW_DETAIL_IMAGE_TOKENS = 100;
const AUDIO_BYTES_PER_TOKEN = 125;
const FILE_BYTES_PER_TOKEN = 25;
/** A file that the upstream already has, and whose size is unknown here. */
const STORED_FILE_TOKENS = 10_000;
/** Role and separators around a message, and the start of the answer. */
const MESSAGE_TOKENS = 4;
const ANSWER_TOKENS = 3;

/**
 * A caller may ask for more tokens than there is money. Beyond a billion dollars it makes no
 * difference to any budget, and every store can still count with it.
 */
const MOST_NANOS = 10n ** 18n;

export interface Estimate {
  /** The reservation: nano-dollars at the dearest candidate. */
  nanos: bigint;
  /** What a tokens-per-minute limit holds: the input, and the output as far as the request caps it. */
  tokens: number;
  inputTokens: number;
  /** The share of `inputTokens` that is sound. */
  audioTokens: number;
  /** The output cap times the number of answers. */
  outputTokens: number;
}

export interface EstimateOptions {
  endpoint: EndpointName;
  request: InferenceRequest;
  /** The prices of the planned candidates; unpriced and free ones add nothing. */
  prices: readonly Price[];
  /** The model's own cap on output, for requests that set none. */
  outputCap?: number | undefined;
  /**
   * `bound` takes an upper bound of the input from its length, `counted` asks the tokenizer. A count
   * costs as much time as the rest of a request together, so it is for when the bound is too much.
   */
  precision?: "bound" | "counted";
}

/**
 * What a request may cost and use at most, before it is sent. Only asked when a finite budget or a
 * limit on tokens applies. The settlement may exceed it; the caps above say by how much.
 */
export function estimateRequest(options: EstimateOptions): Estimate {
  const input = inputOf(options);
  const output = outputOf(options);
  const inputTokens = input.text + input.audio;
  let nanos = 0n;
  for (const price of options.prices) {
    if (price.state === "priced") {
      const unit = unitPricesOf(price.list, inputTokens, Date.now());
      const cost = costNanos([
        { tokens: input.text, nanosPerMillion: unit.input },
        { tokens: input.audio, nanosPerMillion: unit.audioIn },
        { tokens: output.reserved, nanosPerMillion: dearerOutput(unit) },
        { tokens: 1, nanosPerMillion: unit.request ?? 0n },
      ]);
      nanos = max(nanos, cost);
    }
  }
  return {
    nanos: nanos > MOST_NANOS ? MOST_NANOS : nanos,
    tokens: inputTokens + output.stated,
    inputTokens,
    audioTokens: input.audio,
    outputTokens: output.reserved,
  };
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function outputOf(options: EstimateOptions): { reserved: number; stated: number } {
  if (!isChat(options.request)) {
    return { reserved: 0, stated: 0 };
  }
  const { max_completion_tokens: newer, max_tokens: older, n } = options.request;
  const stated = newer ?? older;
  const answers = n ?? 1;
  return {
    reserved: (stated ?? options.outputCap ?? DEFAULT_OUTPUT_CAP) * answers,
    // A minute's limit is corrected when the call ends; holding an uncapped answer's greatest length
    // would refuse calls that use a tenth of it.
    stated: (stated ?? 0) * answers,
  };
}

function isChat(request: InferenceRequest): request is ChatRequest {
  return "messages" in request;
}

interface InputTokens {
  text: number;
  audio: number;
}

interface Input {
  texts: string[];
  /** Tokens that are no text: pictures, documents, separators. */
  other: number;
  audio: number;
}

/** A request is estimated once for each candidate's price and again to be admitted. */
const estimated = {
  bound: new WeakMap<object, InputTokens>(),
  counted: new WeakMap<object, InputTokens>(),
};

function inputOf({ request, precision = "counted" }: EstimateOptions): InputTokens {
  const known = estimated[precision].get(request);
  if (known !== undefined) {
    return known;
  }
  const tokens = countInput(request, precision === "bound" ? boundTokens : estimateTokens);
  estimated[precision].set(request, tokens);
  return tokens;
}

function countInput(
  request: InferenceRequest,
  tokensOf: (texts: readonly string[]) => number,
): InputTokens {
  const input: Input = { texts: [], other: 0, audio: 0 };
  if (isChat(request)) {
    addChat(input, request);
  } else {
    addInput(input, request.input);
  }
  return { text: tokensOf(input.texts) + input.other, audio: input.audio };
}

function addInput(
  input: Input,
  value: EmbeddingsRequest["input"] | ModerationsRequest["input"],
): void {
  if (typeof value === "string") {
    input.texts.push(value);
    return;
  }
  for (const part of value) {
    if (typeof part === "string") {
      input.texts.push(part);
    } else if (typeof part === "number") {
      // Token ids: each counts as itself, alone or in a list.
      input.other += 1;
    } else if (Array.isArray(part)) {
      input.other += part.length;
    } else if (part.type === "text") {
      input.texts.push(part.text);
    } else {
      input.other += IMAGE_TOKENS;
    }
  }
}

function addChat(input: Input, request: ChatRequest): void {
  input.other += ANSWER_TOKENS;
  for (const message of request.messages) {
    addMessage(input, message);
  }
  for (const extra of [request.tools, request.response_format]) {
    if (extra !== null && extra !== undefined) {
      input.texts.push(JSON.stringify(extra));
    }
  }
}

function addMessage(input: Input, message: ChatMessage): void {
  input.other += MESSAGE_TOKENS;
  const { content } = message;
  if (typeof content === "string") {
    input.texts.push(content);
  } else {
    for (const part of content ?? []) {
      addPart(input, part);
    }
  }
  if (message.role === "assistant") {
    if (message.tool_calls) {
      input.texts.push(JSON.stringify(message.tool_calls));
    }
    if (message.reasoning_content) {
      input.texts.push(message.reasoning_content);
    }
  }
}

function addPart(input: Input, part: ContentPart): void {
  switch (part.type) {
    case "text":
      input.texts.push(part.text);
      break;
    case "refusal":
      input.texts.push(part.refusal);
      break;
    case "image_url":
      input.other += part.image_url.detail === "low" ? LOW_DETAIL_IMAGE_TOKENS : IMAGE_TOKENS;
      break;
    case "input_audio":
      input.audio += Math.ceil(base64Bytes(part.input_audio.data) / AUDIO_BYTES_PER_TOKEN);
      break;
    case "file":
      input.other += fileTokens(part.file.file_data);
      break;
    default:
      part satisfies never;
  }
}

function fileTokens(data: string | undefined): number {
  return data === undefined
    ? STORED_FILE_TOKENS
    : Math.ceil(base64Bytes(data) / FILE_BYTES_PER_TOKEN);
}

function base64Bytes(text: string): number {
  return Math.ceil((text.length * 3) / 4);
}
