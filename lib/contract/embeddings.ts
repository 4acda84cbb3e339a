import { z } from "zod";

/** Embeddings, OpenAI's form. Both official SDKs ask for base64 unless told otherwise. */
export const embeddingsRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1),
    z.array(z.int().min(0)).min(1),
    z.array(z.array(z.int().min(0)).min(1)).min(1),
  ]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().min(1).nullish(),
  user: z.string().nullish(),
});
export type EmbeddingsRequest = z.infer<typeof embeddingsRequest>;

export interface EmbeddingsAnswer {
  object: "list";
  data: Embedding[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
  [extension: string]: unknown;
}

export interface Embedding {
  object: "embedding";
  index: number;
  /** Numbers, or little-endian float32 in base64 when the caller asked for that. */
  embedding: number[] | string;
}

/** Vectors as base64 of little-endian float32, the form the official SDKs decode. */
export function encodeVector(values: readonly number[]): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) {
    view.setFloat32(at * 4, value, true);
  }
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}
