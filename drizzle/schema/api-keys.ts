import { bigint, boolean, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant, updatedAt } from "./columns.ts";
import { teams } from "./teams.ts";
import { users } from "./users.ts";

/** Virtual keys: who owns them and what limits them. What opens them is in `api_key_secrets`. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: id(),
    /** `playground` is a person's own, used by the console and listed nowhere. */
    kind: text("kind").$type<"app" | "playground">().notNull().default("app"),
    alias: text("alias"),
    note: text("note"),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    teamId: uuid("team_id").references(() => teams.id),
    /** Names that the key may ask for; null is every name. */
    allowedModels: text("allowed_models").array(),
    rateLimitRpm: integer("rate_limit_rpm"),
    rateLimitTpm: bigint("rate_limit_tpm", { mode: "number" }),
    maxParallel: integer("max_parallel"),
    /** Networks that calls may come from, in CIDR notation; null is anywhere. */
    allowedCidrs: text("allowed_cidrs").array(),
    /** Copied to each of the key's log rows. */
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    /** Whether identical requests of the key that are in flight at once share one upstream call. */
    coalesce: boolean("coalesce").notNull().default(false),
    /** A switch that can be turned back on; `revoked_at` cannot. */
    isActive: boolean("is_active").notNull().default(true),
    revokedAt: instant("revoked_at"),
    expiresAt: instant("expires_at"),
    /** Written lazily: it may lag by a minute. */
    lastUsedAt: instant("last_used_at"),
    /** Raised by every edit. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // The list of keys, newest first.
    index("api_keys_created_idx").on(table.createdAt, table.id),
    // The keys of one person and of one team: their pages, and what to forget when they change.
    index("api_keys_user_idx").on(table.userId),
    index("api_keys_team_idx").on(table.teamId),
  ],
);
