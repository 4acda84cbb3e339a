import { sql } from "drizzle-orm";
import { bigint, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { RuleAction, RuleStage, VerdictState } from "#lib/contract/guardrail-verdict.ts";
import { counter, instant } from "./columns.ts";

/** Verdicts by rule and hour (UTC), written by the statement that stores them. */
export const guardrailRollup1h = pgTable(
  "guardrail_rollup_1h",
  {
    bucketStart: instant("bucket_start").notNull(),
    ruleId: uuid("rule_id").notNull(),
    stage: text("stage").$type<RuleStage>().notNull(),
    mode: text("mode").$type<"enforced" | "shadow">().notNull(),
    action: text("action").$type<RuleAction>().notNull(),
    state: text("state").$type<VerdictState>().notNull(),
    runs: counter("runs").notNull().default(sql`0`),
    matches: counter("matches").notNull().default(sql`0`),
    /** Runs per class of `catalog/check-durations.ts`, in its order. */
    durationBuckets: bigint("duration_buckets", { mode: "bigint" }).array().notNull(),
  },
  (table) => [
    // Triggers and latency of each rule over a range.
    primaryKey({
      name: "guardrail_rollup_1h_key",
      columns: [
        table.bucketStart,
        table.ruleId,
        table.stage,
        table.mode,
        table.action,
        table.state,
      ],
    }),
  ],
);
