import { sql } from "drizzle-orm";
import { bigint, boolean, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, updatedAt } from "./columns.ts";

export const teams = pgTable(
  "teams",
  {
    id: id(),
    name: text("name").notNull(),
    /** Names that the team's keys may ask for; null is every name. */
    allowedModels: text("allowed_models").array(),
    rateLimitRpm: integer("rate_limit_rpm"),
    rateLimitTpm: bigint("rate_limit_tpm", { mode: "number" }),
    maxParallel: integer("max_parallel"),
    /** What is kept of the team's requests and answers; null is the install's setting. */
    payloadStorage: text("payload_storage").$type<"metadata" | "full">(),
    /** Whether stored answers are shared by all keys of the team; else each key has its own. */
    shareCache: boolean("share_cache").notNull().default(false),
    /** A deleted team keeps its row, because log rows name it; its keys are refused. */
    deletedAt: instant("deleted_at"),
    /** Raised by every edit. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // A name is free again once its team is deleted.
    uniqueIndex("teams_name_key").on(table.name).where(sql`${table.deletedAt} is null`),
  ],
);
