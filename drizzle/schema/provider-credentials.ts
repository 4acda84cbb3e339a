import { pgTable, text } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, updatedAt } from "./columns.ts";

/**
 * Provider keys, sealed (`lib/crypto.ts`). The origin that a key may be sent to is authenticated
 * with it and not stored beside it: it is computed from the deployment that asks, so that an edited
 * `api_base` can no longer open the key.
 */
export const providerCredentials = pgTable("provider_credentials", {
  id: id(),
  provider: text("provider").notNull(),
  /** The version of the master key that wraps the data key. */
  keyVersion: text("key_version").notNull(),
  wrappedKey: bytes("wrapped_key").notNull(),
  box: bytes("box").notNull(),
  last4: text("last4").notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});
