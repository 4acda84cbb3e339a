import { z } from "zod";
import { chatMessage, chatRequest } from "./chat.ts";
import { embeddingsRequest } from "./embeddings.ts";
import { moderationsAnswer, moderationsRequest } from "./moderations.ts";
import type { Operation } from "./operation.ts";
import { promptReference } from "./prompt-fields.ts";

/** The operations of `/v1`. Answers are an upstream's, so only what every one of them has is named. */
const usage = z.looseObject({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
});

const finishReason = z.enum(["stop", "length", "tool_calls", "content_filter", "function_call"]);

const chatCompletion = z
  .looseObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.looseObject({
        index: z.int(),
        message: z.looseObject({
          role: z.literal("assistant"),
          content: z.string().nullable(),
        }),
        finish_reason: finishReason,
      }),
    ),
    usage: usage.optional(),
  })
  .meta({ id: "ChatCompletion" });

const chatChunk = z
  .looseObject({
    id: z.string(),
    object: z.literal("chat.completion.chunk"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.looseObject({
        index: z.int(),
        delta: z.looseObject({ content: z.string().nullish() }),
        finish_reason: finishReason.nullish(),
      }),
    ),
    usage: usage.nullish(),
  })
  .meta({ id: "ChatCompletionChunk", description: "One event; the last one is `[DONE]`." });

const embeddingList = z
  .looseObject({
    object: z.literal("list"),
    data: z.array(
      z.looseObject({
        object: z.literal("embedding"),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    model: z.string(),
    usage: z.looseObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: "EmbeddingList" });

const model = z
  .looseObject({
    id: z.string(),
    object: z.literal("model"),
    created: z.int(),
    owned_by: z.string(),
  })
  .meta({ id: "Model" });

const modelList = z.looseObject({ object: z.literal("list"), data: z.array(model) });

/** As it is sent: a managed prompt can stand in for the model and the messages. */
const chatBody = chatRequest
  .extend({
    model: chatRequest.shape.model.optional().meta({
      description: "Required, unless `conduit_prompt` names a prompt that has a model.",
    }),
    messages: z.array(chatMessage).optional().meta({
      description: "Required, unless `conduit_prompt` is there; its messages then come first.",
    }),
    conduit_prompt: promptReference.nullish().meta({
      description: "A managed prompt, whose messages are put in front of the request's own.",
    }),
  })
  .meta({ id: "ChatCompletionRequest" });

/** Every operation below `/v1`. */
export const INFERENCE_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/v1/chat/completions",
    id: "createChatCompletion",
    tag: "Inference",
    summary: "Chat",
    description:
      "OpenAI's Chat Completions. Fields that are not listed pass on to the provider untouched. With `stream` the answer comes as server-sent events. The header `x-conduit-cache` (`no-cache`, `no-store`, `only-if-cached`, `ttl=<seconds>`) says how stored answers are used, where an administrator has turned them on.",
    body: chatBody,
    answer: chatCompletion,
    stream: chatChunk,
  },
  {
    method: "post",
    path: "/v1/embeddings",
    id: "createEmbedding",
    tag: "Inference",
    summary: "Embeddings",
    body: embeddingsRequest.meta({ id: "EmbeddingsRequest" }),
    answer: embeddingList,
  },
  {
    method: "post",
    path: "/v1/moderations",
    id: "createModeration",
    tag: "Inference",
    summary: "Moderations",
    description:
      "Judges texts by a provider's categories. Which ones there are depends on the model that answers.",
    body: moderationsRequest.meta({ id: "ModerationsRequest" }),
    answer: moderationsAnswer.meta({ id: "ModerationList" }),
  },
  {
    method: "get",
    path: "/v1/models",
    id: "listModels",
    tag: "Inference",
    summary: "List the models that the key may use",
    answer: modelList,
  },
  {
    method: "get",
    path: "/v1/models/{id}",
    id: "getModel",
    tag: "Inference",
    summary: "Show a model",
    params: z.object({ id: z.string().meta({ description: "May contain slashes." }) }),
    answer: model,
  },
];
