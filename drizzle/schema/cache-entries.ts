import { boolean, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant, nanos } from "./columns.ts";

/**
 * Answers that are kept to be given again. The answer of an exact entry lies in the cache's store
 * (memory or Redis) under its digest; that of a semantic one lies here, sealed.
 */
export const cacheEntries = pgTable(
  "cache_entries",
  {
    id: id(),
    kind: text("kind").$type<"exact" | "semantic">().notNull(),
    /** What the entry is found by: a keyed digest of the request and everything that it depends on. */
    digest: bytes("digest").notNull(),
    /** Whose requests may be answered with it: a key's or a team's. */
    scopeKind: text("scope_kind").$type<"key" | "team">().notNull(),
    scopeId: uuid("scope_id").notNull(),
    keyId: uuid("key_id").notNull(),
    userId: uuid("user_id").notNull(),
    teamId: uuid("team_id"),
    endpoint: text("endpoint").notNull(),
    modelAsked: text("model_asked").notNull(),
    deploymentId: uuid("deployment_id"),
    deploymentName: text("deployment_name"),
    provider: text("provider"),
    model: text("model"),
    stream: boolean("stream").notNull(),
    /** The request that was answered first. */
    sourceRequestId: uuid("source_request_id").notNull(),
    /** What its answer had cost. */
    costNanos: nanos("cost_nanos").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** Sealed: the beginning of the question, and for a semantic entry the question and the answer. */
    keyVersion: text("key_version"),
    wrappedKey: bytes("wrapped_key"),
    box: bytes("box"),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    uniqueIndex("cache_entries_digest_key").on(table.digest),
    // The list, newest first.
    index("cache_entries_created_idx").on(table.createdAt, table.id),
    // What has expired.
    index("cache_entries_expires_idx").on(table.expiresAt),
    // Clearing by model and by team.
    index("cache_entries_model_idx").on(table.modelAsked),
    index("cache_entries_team_idx").on(table.teamId),
  ],
);
