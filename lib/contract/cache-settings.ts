import { z } from "zod";
import { THRESHOLD_MAX, THRESHOLD_MIN } from "./cache-threshold.ts";

/** The longest that an answer to a question of like meaning is kept: wordings age faster than keys. */
const SEMANTIC_TTL_SECONDS_MAX = 3600;

const modelName = z.string().trim().min(1).max(256);

/**
 * Which answers are kept to be given again, and for how long. Both caches are off until an
 * administrator turns them on: an answer that is given twice is a decision about content.
 */
export const cacheSettings = z.strictObject({
  exact_enabled: z.boolean().default(false).meta({
    description: "Whether a request that was answered before, to the letter, is answered again.",
  }),
  semantic_enabled: z.boolean().default(false).meta({
    description: "Whether a question of the same meaning is. Needs an embedding model.",
  }),
  ttl_seconds: z.int().min(60).max(604_800).default(3600).meta({
    description: "How long an answer to the very same request is kept.",
  }),
  semantic_ttl_seconds: z
    .int()
    .min(60)
    .max(SEMANTIC_TTL_SECONDS_MAX)
    .default(SEMANTIC_TTL_SECONDS_MAX)
    .meta({ description: "How long an answer to a question of the same meaning is kept." }),
  threshold: z.number().min(THRESHOLD_MIN).max(THRESHOLD_MAX).default(0.95).meta({
    description: "Cosine similarity from which two questions count as one.",
  }),
  embedding_model: modelName.nullable().default(null).meta({
    description: "Alias, model or deployment that turns questions into vectors.",
  }),
  sample_share: z.number().min(0).max(1).default(0.02).meta({
    description: "Share of semantic hits that are asked upstream too, to compare the answers.",
  }),
  max_entry_kib: z.int().min(1).max(8192).default(1024).meta({
    description: "Larger answers are not kept, in KiB.",
  }),
  min_prompt_chars: z.int().min(0).max(10_000).default(20).meta({
    description: "Shorter questions are never matched by meaning.",
  }),
  excluded_models: z.array(modelName).max(200).default([]).meta({
    description: "Model names as callers ask for them, whose answers are never kept.",
  }),
});
export type CacheSettings = z.infer<typeof cacheSettings>;
