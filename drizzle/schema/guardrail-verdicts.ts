import { index, integer, jsonb, pgTable, primaryKey, real, text, uuid } from "drizzle-orm/pg-core";
import type {
  RuleAction,
  RuleStage,
  RuleType,
  VerdictState,
} from "#lib/contract/guardrail-verdict.ts";
import { instantMs } from "./columns.ts";

/**
 * What each rule found in each request: counts, never what was found. Partitioned by day like the
 * rows it belongs to.
 */
export const guardrailVerdicts = pgTable(
  "guardrail_verdicts",
  {
    requestId: uuid("request_id").notNull(),
    /** The `created_at` of the request's log row. */
    createdAt: instantMs("created_at").notNull(),
    /** 1 for the first verdict. */
    position: integer("position").notNull(),
    ruleId: uuid("rule_id").notNull(),
    ruleName: text("rule_name").notNull(),
    ruleVersion: integer("rule_version").notNull(),
    ruleType: text("rule_type").$type<RuleType>().notNull(),
    stage: text("stage").$type<RuleStage>().notNull(),
    action: text("action").$type<RuleAction>().notNull(),
    mode: text("mode").$type<"enforced" | "shadow">().notNull(),
    state: text("state").$type<VerdictState>().notNull(),
    matches: integer("matches").notNull(),
    kinds: jsonb("kinds").$type<Record<string, number>>().notNull().default({}),
    score: real("score"),
    durationUs: integer("duration_us").notNull(),
    reason: text("reason"),
  },
  (table) => [
    // `/logs/{id}`. Position makes a replayed verdict the same row.
    primaryKey({ columns: [table.createdAt, table.requestId, table.position] }),
    // A rule's page: its latest triggers.
    index("guardrail_verdicts_rule_idx").on(table.ruleId, table.state, table.createdAt),
  ],
);
