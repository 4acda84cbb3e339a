import { type AnyPgColumn, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "./columns.ts";

/** `cnd_ad_` tokens: machines that use the admin API with named scopes. */
export const adminTokens = pgTable(
  "admin_tokens",
  {
    id: id(),
    name: text("name").notNull(),
    /** HMAC-SHA-256 of the whole token under the pepper. */
    digest: bytes("digest").notNull(),
    pepperVersion: text("pepper_version").notNull(),
    hint: text("hint").notNull(),
    scopes: text("scopes").array().notNull(),
    /** The token that made this one; null when the admin key did. It cannot do more, ever. */
    madeBy: uuid("made_by").references((): AnyPgColumn => adminTokens.id),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
    createdAt: createdAt(),
  },
  (table) => [
    // Every admin call that carries such a token.
    uniqueIndex("admin_tokens_digest_key").on(table.digest),
    // The end of a token, which is the end of those that it made.
    index("admin_tokens_made_by_idx").on(table.madeBy),
  ],
);
