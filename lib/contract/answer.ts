import type { ChatChunk } from "./chat.ts";
import type { Usage } from "./usage.ts";

/** The inference endpoints that a wire can serve. */
export type EndpointName = "chat" | "embeddings" | "moderations";

/**
 * What an upstream answered, in the inner language: whole, or as a stream of batches. Only
 * `attempt`, `meter` and `respond` (and the rooms that screen and cache) look inside.
 */
export type Answer = WholeAnswer | StreamAnswer;

export interface WholeAnswer {
  kind: "whole";
  /** The answer in OpenAI's shape. */
  body: Record<string, unknown>;
  /** The upstream's own bytes, when they may pass on untouched. */
  raw?: Uint8Array;
  /** Absent when the upstream told none; the ledger then estimates. */
  usage?: Usage;
}

export interface StreamAnswer {
  kind: "stream";
  batches: AsyncIterable<StreamBatch>;
}

/** The events of one network read, so that a burst of small events costs one hop. */
export interface StreamBatch {
  /** The upstream's own bytes of exactly these events, when all of them may pass on untouched. */
  raw?: Uint8Array;
  events: StreamEvent[];
}

/**
 * One event. A wire throws for an upstream's error event and for a stream that ends too early, so
 * an iteration that completes was a complete answer.
 */
export interface StreamEvent {
  chunk: ChatChunk;
  /** The chunk's JSON as the upstream wrote it; absent when the wire made or changed the chunk. */
  text?: string;
  /** Usage so far, cumulative; the last one counts. */
  usage?: Usage;
  /** Whether this chunk carries usage alone and exists only for `stream_options.include_usage`. */
  usageOnly?: boolean;
}
