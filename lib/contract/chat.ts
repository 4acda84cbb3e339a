import { z } from "zod";
import type { ChatUsage } from "./usage.ts";

/**
 * Chat Completions, the inner language of the gateway. The schema checks what the gateway itself
 * relies on and lets every other field pass untouched (`looseObject`): an unknown or future field
 * belongs to the upstream.
 */
const textPart = z.looseObject({ type: z.literal("text"), text: z.string() });
const imagePart = z.looseObject({
  type: z.literal("image_url"),
  image_url: z.looseObject({ url: z.string().min(1), detail: z.string().optional() }),
});
const audioPart = z.looseObject({
  type: z.literal("input_audio"),
  input_audio: z.looseObject({ data: z.string(), format: z.string() }),
});
const filePart = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional(),
  }),
});
const refusalPart = z.looseObject({ type: z.literal("refusal"), refusal: z.string() });

const knownPart = z.discriminatedUnion("type", [
  textPart,
  imagePart,
  audioPart,
  filePart,
  refusalPart,
]);
const KNOWN_PARTS = new Set(["text", "image_url", "input_audio", "file", "refusal"]);
// Without `abort` zod would take this branch's finding for the better one.
const otherPart = z.looseObject({
  type: z.string().refine((type) => !KNOWN_PARTS.has(type), { abort: true }),
});

/**
 * A part of a message. Types that OpenAI does not document (`video_url`) are the upstream's to
 * judge: they pass here, and wires that cannot send them refuse them by name.
 */
export const contentPart = z.union([knownPart, otherPart]) as unknown as typeof knownPart;
export type ContentPart = z.infer<typeof contentPart>;

const textContent = z.union([z.string(), z.array(textPart).min(1)]);
const anyContent = z.union([z.string(), z.array(contentPart).min(1)]);

export const toolCall = z.union([
  z.looseObject({
    id: z.string().min(1),
    type: z.literal("function"),
    function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
  }),
  z.looseObject({
    id: z.string().min(1),
    type: z.literal("custom"),
    custom: z.looseObject({ name: z.string().min(1), input: z.string() }),
  }),
]);
export type ToolCall = z.infer<typeof toolCall>;

export const chatMessage = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system"), content: textContent, name: z.string().optional() }),
  z.looseObject({
    role: z.literal("developer"),
    content: textContent,
    name: z.string().optional(),
  }),
  z.looseObject({ role: z.literal("user"), content: anyContent, name: z.string().optional() }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(contentPart)]).nullish(),
    refusal: z.string().nullish(),
    name: z.string().optional(),
    tool_calls: z.array(toolCall).nullish(),
    /** Extension: reasoning text of an earlier answer. */
    reasoning_content: z.string().nullish(),
    /** Extension: opaque provider state of an earlier answer, in OpenRouter's form. */
    reasoning_details: z.array(z.looseObject({ type: z.string() })).nullish(),
  }),
  z.looseObject({
    role: z.literal("tool"),
    content: textContent,
    tool_call_id: z.string().min(1),
  }),
  z.looseObject({ role: z.literal("function"), content: z.string().nullable(), name: z.string() }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;

export const chatTool = z.union([
  z.looseObject({
    type: z.literal("function"),
    function: z.looseObject({
      name: z.string().min(1),
      description: z.string().optional(),
      parameters: z.record(z.string(), z.unknown()).nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
  z.looseObject({
    type: z.literal("custom"),
    custom: z.looseObject({ name: z.string().min(1) }),
  }),
]);
export type ChatTool = z.infer<typeof chatTool>;

export const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: z.string() }) }),
  z.looseObject({ type: z.literal("custom"), custom: z.looseObject({ name: z.string() }) }),
  z.looseObject({
    type: z.literal("allowed_tools"),
    allowed_tools: z.looseObject({
      mode: z.enum(["auto", "required"]),
      tools: z.array(z.looseObject({ type: z.string() })),
    }),
  }),
]);
export type ToolChoice = z.infer<typeof toolChoice>;

export const responseFormat = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({
      name: z.string().min(1),
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);
export type ResponseFormat = z.infer<typeof responseFormat>;

export const chatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(chatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  // As many as OpenAI itself gives.
  n: z.int().min(1).max(128).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).nullish(),
  seed: z.number().nullish(),
  tools: z.array(chatTool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.string().nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  service_tier: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  modalities: z.array(z.string()).nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

/** The only values OpenAI's clients accept. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

/** A whole answer, as this gateway writes one. */
export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: ChatChoice[];
  usage?: ChatUsage;
  [extension: string]: unknown;
}

export interface ChatChoice {
  index: number;
  message: AssistantMessage;
  logprobs: unknown;
  finish_reason: FinishReason;
  [extension: string]: unknown;
}

export interface AssistantMessage {
  role: "assistant";
  content: string | null;
  refusal: string | null;
  tool_calls?: FunctionCall[];
  reasoning_content?: string;
  reasoning_details?: ReasoningDetail[];
  [extension: string]: unknown;
}

export interface FunctionCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
  [extension: string]: unknown;
}

/** Opaque provider state in OpenRouter's form; Python's accumulator needs `index` in each. */
export interface ReasoningDetail {
  type: "reasoning.text" | "reasoning.encrypted" | "reasoning.summary";
  index: number;
  text?: string;
  signature?: string;
  data?: string;
  summary?: string;
  id?: string;
  format?: string;
  [extension: string]: unknown;
}

/** One event of a streamed answer. */
export interface ChatChunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: ChatChunkChoice[];
  usage?: ChatUsage | null;
  [extension: string]: unknown;
}

export interface ChatChunkChoice {
  index: number;
  delta: ChatDelta;
  logprobs?: unknown;
  finish_reason?: FinishReason | null;
  [extension: string]: unknown;
}

export interface ChatDelta {
  role?: "assistant";
  content?: string | null;
  refusal?: string | null;
  tool_calls?: ToolCallDelta[];
  reasoning_content?: string | null;
  reasoning_details?: ReasoningDetail[];
  [extension: string]: unknown;
}

export interface ToolCallDelta {
  index: number;
  id?: string;
  type?: "function";
  function?: { name?: string; arguments?: string };
  [extension: string]: unknown;
}
