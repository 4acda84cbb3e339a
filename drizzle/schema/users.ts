import { sql } from "drizzle-orm";
import { check, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
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
    /** `<issuer> <subject>` of the OIDC account; null for those who never signed in that way. */
    oidcSubject: text("oidc_subject"),
    /** From then on every key of this person is refused. */
    suspendedAt: instant("suspended_at"),
    /** Written lazily by the console. */
    lastSeenAt: instant("last_seen_at"),
    /** Raised by every edit. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // Sign-in, and the creation of a key for an address.
    uniqueIndex("users_email_key").on(table.email),
    // Sign-in by OIDC.
    uniqueIndex("users_oidc_subject_key").on(table.oidcSubject),
    check("users_email_lower", sql`${table.email} = lower(${table.email})`),
    check("users_role", sql`${table.role} in ('admin', 'member')`),
  ],
);
