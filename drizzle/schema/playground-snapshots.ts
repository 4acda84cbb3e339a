import { jsonb, pgTable, uuid } from "drizzle-orm/pg-core";
import { createdAt, id } from "./columns.ts";
import { users } from "./users.ts";

/** A playground to come back to. Its content is here and never in an address. */
export const playgroundSnapshots = pgTable("playground_snapshots", {
  id: id(),
  userId: uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  content: jsonb("content").$type<unknown>().notNull(),
  createdAt: createdAt(),
});
