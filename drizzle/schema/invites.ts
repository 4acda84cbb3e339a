import { index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { InvitedTeam } from "#lib/contract/invited-team.ts";
import { bytes, createdAt, id, instant } from "./columns.ts";

/** Invitations by single-use links. */
export const invites = pgTable(
  "invites",
  {
    id: id(),
    digest: bytes("digest").notNull(),
    /** Lower case. */
    email: text("email").notNull(),
    role: text("role").$type<"admin" | "member">().notNull(),
    teams: jsonb("teams").$type<InvitedTeam[]>().notNull().default([]),
    invitedBy: uuid("invited_by"),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    revokedAt: instant("revoked_at"),
    createdAt: createdAt(),
  },
  (table) => [
    // Opening the link.
    uniqueIndex("invites_digest_key").on(table.digest),
    // The list of members, which shows who is still invited.
    index("invites_email_idx").on(table.email),
  ],
);
