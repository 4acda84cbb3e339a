import { type EmbeddingsRequest, encodeVector } from "#lib/contract/embeddings.ts";
import { toldUsage, usageOfChat } from "#lib/contract/usage.ts";
import { ConduitError } from "#lib/errors.ts";
import type { DecodeContext, DecodedAnswer } from "#lib/providers/wire.ts";
import { errorOfEvent } from "./error-reply.ts";
import { isRecord } from "./tool-arguments.ts";

type Fields = Record<string, unknown>;

/** Whether an input is made of token numbers, which mean something to OpenAI's models alone. */
export function isTokenInput(input: EmbeddingsRequest["input"]): boolean {
  const [first] = Array.isArray(input) ? input : [];
  return typeof first === "number" || Array.isArray(first);
}

/**
 * Embeddings in OpenAI's format, corrected in place; `untouched` when nothing was. Vectors come in
 * the encoding that the client asked for, whichever one the provider knows: the official Node client
 * decodes base64 without looking. Throws as `decodeChatAnswer` does.
 */
export function decodeEmbeddingsAnswer(parsed: unknown, context: DecodeContext): DecodedAnswer {
  const body = isRecord(parsed) ? parsed : {};
  const data = body["data"];
  if (!Array.isArray(data)) {
    throw notVectors(parsed, body);
  }
  const encoding = encodingOf(context.request);
  let changed = fill(body, "object", "list");
  changed = fill(body, "model", context.deployment.modelName) || changed;
  for (const [at, entry] of data.entries()) {
    if (isRecord(entry)) {
      changed = settleEntry(entry, { at, encoding }) || changed;
    }
  }
  const told = isRecord(body["usage"]) ? body["usage"] : {};
  const usage = toldUsage(usageOfChat({ ...told, completion_tokens: 0 }));
  return { body, untouched: !changed, ...(usage === undefined ? {} : { usage }) };
}

function encodingOf(request: DecodeContext["request"]): "base64" | "float" {
  return request["encoding_format"] === "base64" ? "base64" : "float";
}

function notVectors(parsed: unknown, body: Fields): ConduitError {
  if (body["error"] || body["object"] === "error" || Array.isArray(body["detail"])) {
    return errorOfEvent(parsed);
  }
  return new ConduitError("upstream_malformed", {
    message: "The provider's answer holds no embeddings.",
    upstream: { kind: "protocol" },
  });
}

function settleEntry(entry: Fields, want: { at: number; encoding: string }): boolean {
  let changed = fill(entry, "object", "embedding");
  changed = fill(entry, "index", want.at) || changed;
  const vector = entry["embedding"];
  if (want.encoding === "base64" && Array.isArray(vector)) {
    entry["embedding"] = encodeVector(vector);
    return true;
  }
  if (want.encoding === "float" && typeof vector === "string") {
    entry["embedding"] = decodeVector(vector);
    return true;
  }
  return changed;
}

function fill(fields: Fields, name: string, value: unknown): boolean {
  if (fields[name] !== undefined && fields[name] !== null) {
    return false;
  }
  fields[name] = value;
  return true;
}

function decodeVector(base64: string): number[] {
  const bytes = Buffer.from(base64, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}
