import { sql } from "drizzle-orm";
import { bigint, doublePrecision, text, uuid } from "drizzle-orm/pg-core";
import type { Outcome } from "#lib/contract/record.ts";
import { counter, instant, NO_ID } from "./columns.ts";

const sum = (name: string) => counter(name).notNull().default(sql`0`);
const dimension = (name: string) => text(name).notNull().default("");
/** Requests per class of `catalog/latency-buckets.ts`, in its order. */
const histogram = (name: string) => bigint(name, { mode: "bigint" }).array();

/**
 * What a rollup's rows are told apart by. Dimensions are never null ('' and the zero id stand for
 * none), so that they can form the key.
 */
export const usageDimensions = () => ({
  bucketStart: instant("bucket_start").notNull(),
  keyId: uuid("key_id").notNull(),
  userId: uuid("user_id").notNull(),
  teamId: uuid("team_id").notNull().default(NO_ID),
  alias: dimension("alias"),
  modelAsked: dimension("model_asked"),
  model: dimension("model"),
  provider: dimension("provider"),
  deploymentId: uuid("deployment_id").notNull().default(NO_ID),
  outcome: text("outcome").$type<Outcome>().notNull(),
});

/** What is added up in them. */
export const usageMeasures = () => ({
  requests: sum("requests"),
  /** Requests that were answered without a known price: their cost is missing from the sum. */
  unpricedRequests: sum("unpriced_requests"),
  inputTokens: sum("input_tokens"),
  cacheReadTokens: sum("cache_read_tokens"),
  cacheWrite5mTokens: sum("cache_write_5m_tokens"),
  cacheWrite1hTokens: sum("cache_write_1h_tokens"),
  outputTokens: sum("output_tokens"),
  reasoningTokens: sum("reasoning_tokens"),
  audioInTokens: sum("audio_in_tokens"),
  audioOutTokens: sum("audio_out_tokens"),
  costNanos: sum("cost_nanos"),
  /** What stored answers would have cost. */
  savedNanos: sum("saved_nanos"),
  latencyMsSum: doublePrecision("latency_ms_sum").notNull().default(0),
  latencyBuckets: histogram("latency_buckets").notNull(),
  /** Of the requests whose answer began; empty in rows from before this was counted. */
  ttftBuckets: histogram("ttft_buckets").notNull().default([]),
});
