import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id } from "./columns.ts";
import { users } from "./users.ts";

/** A page's filters under a name; the query string is all of a page's state. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Shared with this team; null is private. */
    teamId: uuid("team_id"),
    page: text("page").notNull(),
    name: text("name").notNull(),
    query: text("query").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    // The views of one's own, and of one's teams, on a page.
    index("saved_views_user_idx").on(table.userId, table.page),
    index("saved_views_team_idx").on(table.teamId, table.page),
  ],
);
