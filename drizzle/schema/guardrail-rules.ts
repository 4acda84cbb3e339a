import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type {
  RuleAction,
  RuleFail,
  RuleMode,
  RuleStage,
  RuleType,
} from "#lib/contract/guardrail-verdict.ts";
import { bytes, createdAt, id, updatedAt } from "./columns.ts";

/** What is looked for in requests and answers, and what happens then. */
export const guardrailRules = pgTable(
  "guardrail_rules",
  {
    id: id(),
    name: text("name").notNull(),
    description: text("description"),
    type: text("type").$type<RuleType>().notNull(),
    stages: text("stages").array().$type<RuleStage[]>().notNull(),
    action: text("action").$type<RuleAction>().notNull(),
    mode: text("mode").$type<RuleMode>().notNull().default("shadow"),
    scopeKind: text("scope_kind")
      .$type<"organization" | "team" | "key" | "alias">()
      .notNull()
      .default("organization"),
    /** The id of a team or key, or the name of an alias. */
    scopeRef: text("scope_ref"),
    fail: text("fail").$type<RuleFail>().notNull().default("closed"),
    /** Lower runs first. */
    priority: integer("priority").notNull(),
    config: jsonb("config").$type<Record<string, unknown>>().notNull(),
    /** A sealed signing secret or API key, for types that talk to another service. */
    secretKeyVersion: text("secret_key_version"),
    secretWrappedKey: bytes("secret_wrapped_key"),
    secretBox: bytes("secret_box"),
    secretLast4: text("secret_last4"),
    /** What a caller is told who is blocked. */
    message: text("message"),
    /** Raised by every edit. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex("guardrail_rules_name_key").on(table.name),
    // The list, in the order in which rules run.
    index("guardrail_rules_priority_idx").on(table.priority, table.id),
    check(
      "guardrail_rules_scope",
      sql`(${table.scopeKind} = 'organization') = (${table.scopeRef} is null)`,
    ),
  ],
);
