import { pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
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
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
    createdAt: createdAt(),
  },
  // Every admin call that carries such a token.
  (table) => [uniqueIndex("admin_tokens_digest_key").on(table.digest)],
);
