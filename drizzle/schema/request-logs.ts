import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { GuardrailResult } from "#lib/contract/guardrail-verdict.ts";
import type { CacheResult, Outcome } from "#lib/contract/record.ts";
import { instantMs, nanos, tokens } from "./columns.ts";

/**
 * One row for every request whose key was known. Partitioned by day; no foreign keys, because rows
 * outlive what they name and are written in large batches.
 */
export const requestLogs = pgTable(
  "request_logs",
  {
    /** UUIDv7; `created_at` is the millisecond inside it, so a replayed row has the same key. */
    id: uuid("id").notNull(),
    createdAt: instantMs("created_at").notNull(),
    keyId: uuid("key_id").notNull(),
    userId: uuid("user_id").notNull(),
    teamId: uuid("team_id"),
    dialect: text("dialect").notNull(),
    endpoint: text("endpoint").notNull(),
    modelAsked: text("model_asked").notNull(),
    alias: text("alias"),
    deploymentId: uuid("deployment_id"),
    deploymentName: text("deployment_name"),
    provider: text("provider"),
    model: text("model"),
    status: integer("status").notNull(),
    outcome: text("outcome").$type<Outcome>().notNull(),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    inputTokens: tokens("input_tokens"),
    cacheReadTokens: tokens("cache_read_tokens"),
    cacheWrite5mTokens: tokens("cache_write_5m_tokens"),
    cacheWrite1hTokens: tokens("cache_write_1h_tokens"),
    outputTokens: tokens("output_tokens"),
    reasoningTokens: tokens("reasoning_tokens"),
    audioInTokens: tokens("audio_in_tokens"),
    audioOutTokens: tokens("audio_out_tokens"),
    /** Whether we counted the tokens ourselves. */
    estimated: boolean("estimated").notNull().default(false),
    costNanos: nanos("cost_nanos").notNull(),
    priceSnapshot: jsonb("price_snapshot").$type<Record<string, string>>(),
    priceState: text("price_state").$type<"priced" | "free" | "unpriced" | "none">().notNull(),
    latencyMs: real("latency_ms").notNull(),
    ttftMs: real("ttft_ms"),
    overheadMs: real("overhead_ms").notNull(),
    attemptCount: integer("attempt_count").notNull(),
    stream: boolean("stream").notNull(),
    cacheResult: text("cache_result").$type<CacheResult>().notNull(),
    adjusted: text("adjusted").array().notNull().default([]),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    session: text("session"),
    ip: text("ip"),
    userAgent: text("user_agent"),
    /** What the stored answer that was given had cost. */
    savedNanos: nanos("saved_nanos").notNull().default(sql`0`),
    /** The request whose stored answer was given. */
    cacheSourceId: uuid("cache_source_id"),
    /** How near its question was; null for the very same one. */
    cacheSimilarity: real("cache_similarity"),
    promptName: text("prompt_name"),
    promptVersion: integer("prompt_version"),
    /** All verdicts in one word; null when no rule applied. */
    guardrailResult: text("guardrail_result").$type<GuardrailResult>(),
  },
  (table) => [
    // `/logs` unfiltered, newest first; `/logs/{id}`, whose `created_at` is inside the id.
    primaryKey({ columns: [table.createdAt, table.id] }),
    // `/logs` filtered by one key, person, team, deployment or model.
    index("request_logs_key_idx").on(table.keyId, table.createdAt, table.id),
    index("request_logs_user_idx").on(table.userId, table.createdAt, table.id),
    index("request_logs_team_idx")
      .on(table.teamId, table.createdAt, table.id)
      .where(sql`${table.teamId} is not null`),
    index("request_logs_deployment_idx")
      .on(table.deploymentId, table.createdAt, table.id)
      .where(sql`${table.deploymentId} is not null`),
    index("request_logs_model_idx").on(table.modelAsked, table.createdAt, table.id),
    // `/logs` filtered by what went wrong; most rows are fine and cost this index nothing.
    index("request_logs_outcome_idx")
      .on(table.outcome, table.createdAt, table.id)
      .where(sql`${table.outcome} <> 'ok'`),
    // `/logs` filtered by what guardrails did, and the backtest's choice of rows.
    index("request_logs_guardrail_idx")
      .on(table.guardrailResult, table.createdAt, table.id)
      .where(sql`${table.guardrailResult} <> 'passed'`),
    // How often a stored answer was given.
    index("request_logs_cache_source_idx")
      .on(table.cacheSourceId)
      .where(sql`${table.cacheSourceId} is not null`),
    // A prompt's page: its requests by version.
    index("request_logs_prompt_idx")
      .on(table.promptName, table.createdAt, table.id)
      .where(sql`${table.promptName} is not null`),
    // `/logs` filtered by session; few rows have one.
    index("request_logs_session_idx")
      .on(table.session, table.createdAt, table.id)
      .where(sql`${table.session} is not null`),
    // `/logs` filtered by tag and spend by tag; rows without tags are left out.
    index("request_logs_tags_idx")
      .using("gin", table.tags.op("jsonb_path_ops"))
      .where(sql`${table.tags} <> '{}'::jsonb`),
  ],
);
