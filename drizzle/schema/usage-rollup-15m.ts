import { sql } from "drizzle-orm";
import {
  bigint,
  doublePrecision,
  index,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { Outcome } from "#lib/contract/record.ts";
import { counter, instant, NO_ID } from "./columns.ts";

const sum = (name: string) => counter(name).notNull().default(sql`0`);
const dimension = (name: string) => text(name).notNull().default("");

/**
 * Sums per quarter of an hour, written in the transaction of the rows they count. Dimensions are
 * never null ('' and the zero id stand for none), so that they can form the key.
 */
export const usageRollup15m = pgTable(
  "usage_rollup_15m",
  {
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
    latencyMsSum: doublePrecision("latency_ms_sum").notNull().default(0),
    /** Requests per class of `catalog/latency-buckets.ts`, in its order. */
    latencyBuckets: bigint("latency_buckets", { mode: "bigint" }).array().notNull(),
  },
  (table) => [
    // Every chart: a range of time first, then whatever it is grouped by.
    primaryKey({
      name: "usage_rollup_15m_key",
      columns: [
        table.bucketStart,
        table.keyId,
        table.userId,
        table.teamId,
        table.alias,
        table.modelAsked,
        table.model,
        table.provider,
        table.deploymentId,
        table.outcome,
      ],
    }),
    // `spend_usd` of one key in the list of keys.
    index("usage_rollup_15m_key_idx").on(table.keyId, table.bucketStart),
  ],
);
