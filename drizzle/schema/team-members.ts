import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt } from "./columns.ts";
import { teams } from "./teams.ts";
import { users } from "./users.ts";

/** Who is in which team; a person may be in several. */
export const teamMembers = pgTable(
  "team_members",
  {
    teamId: uuid("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text("role").$type<"team_admin" | "member">().notNull().default("member"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.userId] }),
    // The teams of one person.
    index("team_members_user_idx").on(table.userId),
    check("team_members_role", sql`${table.role} in ('team_admin', 'member')`),
  ],
);
