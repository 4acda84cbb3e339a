import { index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { apiKeys } from "./api-keys.ts";
import { bytes, createdAt, id, instant } from "./columns.ts";

/** What opens a key. Two rows of one key live side by side while a rotation's grace lasts. */
export const apiKeySecrets = pgTable(
  "api_key_secrets",
  {
    id: id(),
    keyId: uuid("key_id")
      .notNull()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    /** HMAC-SHA-256 of the whole token under the pepper; the token itself is stored nowhere. */
    digest: bytes("digest").notNull(),
    /** The version of the master key that the pepper was derived from. */
    pepperVersion: text("pepper_version").notNull(),
    /** What may be shown of the token: `cnd_sk_abc…wxyz`. */
    hint: text("hint").notNull(),
    /** Refused from then on; null while it is the key's present secret. */
    validUntil: instant("valid_until"),
    createdAt: createdAt(),
  },
  (table) => [
    // Every request whose key is not in memory.
    uniqueIndex("api_key_secrets_digest_key").on(table.digest),
    // The hint in lists of keys, and rotation.
    index("api_key_secrets_key_idx").on(table.keyId),
  ],
);
