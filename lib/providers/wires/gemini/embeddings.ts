import {
  type EmbeddingsAnswer,
  type EmbeddingsRequest,
  encodeVector,
} from "#lib/contract/embeddings.ts";
import { ConduitError } from "#lib/errors.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type {
  DecodeContext,
  DecodedAnswer,
  EncodeContext,
  EncodedRequest,
} from "#lib/providers/wire.ts";
import { modelPath } from "./encode.ts";
import { errorOfStream, findError } from "./errors.ts";
import { readUsage } from "./usage.ts";

const MAX_TEXTS = 100;

/**
 * An embeddings request as `embedContent`, or as `batchEmbedContents` for up to 100 texts,
 * the most that the Gemini API takes in one call. Throws `unsupported_value` for token arrays and for
 * longer lists.
 */
export function encodeEmbeddings(
  request: EmbeddingsRequest,
  context: EncodeContext,
): EncodedRequest {
  const adjust = new Adjustments(context.deployment);
  const texts = textsOf(request);
  if (isGiven(request.user)) {
    adjust.report("user");
  }
  const path = modelPath(context.deployment.modelName);
  const taskType = request["task_type"] ?? request["taskType"];
  const requests = texts.map((text) => ({
    model: decodeURIComponent(path.slice(1)),
    content: { parts: [{ text }] },
    ...(isGiven(request.dimensions) ? { outputDimensionality: request.dimensions } : {}),
    ...(typeof taskType === "string" ? { taskType } : {}),
  }));
  const [only] = requests;
  const isSingle = requests.length === 1 && only !== undefined;
  return {
    path: `${path}:${isSingle ? "embedContent" : "batchEmbedContents"}`,
    body: isSingle ? only : { requests },
    adjusted: adjust.list(),
    emulation: {},
  };
}

function textsOf({ input }: EmbeddingsRequest): string[] {
  const list: readonly unknown[] = typeof input === "string" ? [input] : input;
  const texts = list.filter((entry) => typeof entry === "string");
  if (texts.length < list.length) {
    // Token numbers mean something to the tokenizer of one provider alone.
    throw new ConduitError("unsupported_value", {
      message: "Gemini's models embed texts; token arrays are not supported.",
      param: "input",
    });
  }
  if (texts.length > MAX_TEXTS) {
    throw new ConduitError("unsupported_value", {
      message: `Gemini's models embed at most ${MAX_TEXTS} texts per request, not ${texts.length}.`,
      param: "input",
    });
  }
  return texts;
}

/**
 * The vectors in OpenAI's shape and in the form that the caller asked for. Gemini tells no usage for
 * embeddings; the counts in the body are then zero and the answer's `usage` is left to be estimated.
 */
export function decodeEmbeddings(parsed: unknown, context: DecodeContext): DecodedAnswer {
  if (findError(parsed) !== undefined) {
    throw errorOfStream(parsed);
  }
  const answer = isRecord(parsed) ? parsed : {};
  const vectors = vectorsOf(answer);
  const usage = readUsage(answer["usageMetadata"]);
  const tokens = usage === undefined ? 0 : usage.input + usage.cacheRead + usage.audioIn;
  // The endpoint picked both this codec and the schema of the request.
  const isBase64 = (context.request as EmbeddingsRequest).encoding_format === "base64";
  const body: EmbeddingsAnswer = {
    object: "list",
    data: vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: isBase64 ? encodeVector(vector) : vector,
    })),
    model: context.deployment.modelName,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
  return { body, untouched: false, ...(usage === undefined ? {} : { usage }) };
}

function vectorsOf(answer: Record<string, unknown>): number[][] {
  const many =
    answer["embeddings"] ?? (answer["embedding"] === undefined ? [] : [answer["embedding"]]);
  const embeddings: unknown[] = Array.isArray(many) ? many : [];
  const vectors = embeddings.map((entry) => (isRecord(entry) ? entry["values"] : undefined));
  const isWhole = vectors.every(
    (vector) => Array.isArray(vector) && vector.every((value) => typeof value === "number"),
  );
  if (vectors.length === 0 || !isWhole) {
    throw new ConduitError("upstream_protocol", {
      message: "The provider answered with something that holds no vectors.",
      upstream: { kind: "protocol", status: 200 },
    });
  }
  // Checked entry by entry just above.
  return vectors as number[][];
}
