import { index, pgTable, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "./columns.ts";
import { users } from "./users.ts";

/** Links that let a person set a new password once. */
export const passwordResets = pgTable(
  "password_resets",
  {
    id: id(),
    digest: bytes("digest").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdBy: uuid("created_by"),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    createdAt: createdAt(),
  },
  (table) => [
    // Opening the link.
    uniqueIndex("password_resets_digest_key").on(table.digest),
    // A new link ends the ones before it.
    index("password_resets_user_idx").on(table.userId),
  ],
);
