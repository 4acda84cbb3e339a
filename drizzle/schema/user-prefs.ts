import { jsonb, pgTable, uuid } from "drizzle-orm/pg-core";
import { updatedAt } from "./columns.ts";
import { users } from "./users.ts";

/** How a person wants the console: zone, theme, density, columns. */
export const userPrefs = pgTable("user_prefs", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  value: jsonb("value").$type<unknown>().notNull(),
  updatedAt: updatedAt(),
});
