import { sql } from "drizzle-orm";
import { check, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, updatedAt } from "./columns.ts";

/** A name that requests may use for a choice of deployments. */
export const aliases = pgTable(
  "aliases",
  {
    id: id(),
    name: text("name").notNull(),
    strategy: text("strategy")
      .$type<"priority" | "weighted" | "lowest_cost" | "lowest_latency">()
      .notNull()
      .default("priority"),
    /** Attempts on all targets together; null is the gateway's default. */
    maxAttempts: integer("max_attempts"),
    /** Names (aliases, models or deployments) tried when every member has failed. */
    fallbacks: text("fallbacks").array().notNull().default([]),
    timeoutMs: integer("timeout_ms"),
    /** Raised by every edit. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // `/admin/v1/aliases/{name}`.
    uniqueIndex("aliases_name_key").on(table.name),
    check(
      "aliases_strategy",
      sql`${table.strategy} in ('priority', 'weighted', 'lowest_cost', 'lowest_latency')`,
    ),
  ],
);
