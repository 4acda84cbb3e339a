import { index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "./columns.ts";
import { users } from "./users.ts";

/** Who is signed in. A cookie carries an opaque id alone; this row decides, at every request. */
export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    /** HMAC of the opaque id in the cookie: a reader of the database can use no session. */
    digest: bytes("digest").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    method: text("method").$type<"password" | "oidc">().notNull(),
    /** Until then this person has proved who they are a short while ago. */
    steppedUpUntil: instant("stepped_up_until"),
    /** Written lazily: it may lag by a minute. */
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    ip: text("ip"),
    userAgent: text("user_agent"),
    createdAt: createdAt(),
  },
  (table) => [
    // Every request of a person.
    uniqueIndex("sessions_digest_key").on(table.digest),
    // The list of one's sessions, and signing out everywhere.
    index("sessions_user_idx").on(table.userId, table.createdAt),
  ],
);
