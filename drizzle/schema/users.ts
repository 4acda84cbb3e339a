import { sql } from "drizzle-orm";
import { check, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, updatedAt } from "./columns.ts";

/** The people (and the service accounts named by an address) that own keys. */
export const users = pgTable(
  "users",
  {
    id: id(),
    /** Lower case; the check keeps hand-written SQL from making a second account by case alone. */
    email: text("email").notNull(),
    name: text("name"),
    /** Argon2id; null for those who cannot sign in with a password. */
    passwordHash: text("password_hash"),
    role: text("role").$type<"admin" | "member">().notNull().default("member"),
    /** From then on every key of this person is refused. */
    suspendedAt: instant("suspended_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // Sign-in, and the creation of a key for an address.
    uniqueIndex("users_email_key").on(table.email),
    check("users_email_lower", sql`${table.email} = lower(${table.email})`),
    check("users_role", sql`${table.role} in ('admin', 'member')`),
  ],
);
