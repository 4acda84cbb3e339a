import { boolean, index, pgTable, real, text, uuid } from "drizzle-orm/pg-core";
import { bytes, id, instant } from "./columns.ts";

/**
 * Semantic look-ups with the nearest entry that each found, for the choice of a threshold, and
 * sampled hits with how well the stored answer agreed with a fresh one.
 */
export const cacheLookups = pgTable(
  "cache_lookups",
  {
    /** The request's id. */
    id: id(),
    createdAt: instant("created_at").notNull().defaultNow(),
    keyId: uuid("key_id").notNull(),
    teamId: uuid("team_id"),
    modelAsked: text("model_asked").notNull(),
    /** 0 to 1; null when there was nothing to compare with. */
    bestSimilarity: real("best_similarity"),
    hit: boolean("hit").notNull(),
    /** The guard that kept a near question from being answered, as `number`. */
    guard: text("guard"),
    entryId: uuid("entry_id"),
    /** How well a sampled hit agreed with a fresh answer, 0 to 1. */
    agreement: real("agreement"),
    /** Sealed: the two questions. */
    keyVersion: text("key_version"),
    wrappedKey: bytes("wrapped_key"),
    box: bytes("box"),
  },
  (table) => [
    // The histogram and the estimate over the last days.
    index("cache_lookups_created_idx").on(table.createdAt),
  ],
);
