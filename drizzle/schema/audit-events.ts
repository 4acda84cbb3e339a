import { index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, counter, id, instantMs } from "./columns.ts";

/**
 * Who changed what. A trigger refuses updates and deletes, and each row's hash covers the one
 * before it, so that a gap or an edit made around the trigger can be shown.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: id(),
    /** The place in the chain, from 1 without gaps. */
    sequence: counter("sequence").notNull(),
    createdAt: instantMs("created_at").notNull(),
    actorType: text("actor_type")
      .$type<"admin_key" | "admin_token" | "user" | "system">()
      .notNull(),
    /** The token's or user's id; null for the admin key and the system. */
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    /** `<target>.<verb>`, as `api_key.create`. */
    action: text("action").notNull(),
    targetType: text("target_type").notNull(),
    targetId: text("target_id"),
    teamId: uuid("team_id"),
    /** The changed fields before and after; secrets appear as `[secret]`. */
    before: jsonb("before").$type<Record<string, unknown>>(),
    after: jsonb("after").$type<Record<string, unknown>>(),
    ip: text("ip"),
    requestId: uuid("request_id"),
    prevHash: bytes("prev_hash").notNull(),
    hash: bytes("hash").notNull(),
  },
  (table) => [
    // The next link of the chain, and the list, newest first. Unique, so that two links cannot
    // claim one place.
    uniqueIndex("audit_events_sequence_key").on(table.sequence),
    // All events of one object.
    index("audit_events_target_idx").on(table.targetType, table.targetId, table.sequence),
  ],
);
