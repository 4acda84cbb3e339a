import { boolean, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytes, instantMs } from "./columns.ts";

/**
 * What was asked and answered, sealed, and only where storage is switched on. Partitioned by day
 * like the rows it belongs to, with a retention of its own.
 */
export const requestPayloads = pgTable(
  "request_payloads",
  {
    requestId: uuid("request_id").notNull(),
    /** The `created_at` of the request's log row. */
    createdAt: instantMs("created_at").notNull(),
    keyVersion: text("key_version").notNull(),
    wrappedKey: bytes("wrapped_key").notNull(),
    /** Sealed JSON: the request, the response and the headers that may be kept. */
    box: bytes("box").notNull(),
    /** Bytes of the JSON before it was sealed. */
    sizeBytes: integer("size_bytes").notNull(),
    /** Whether the size cap cut something off. */
    truncated: boolean("truncated").notNull().default(false),
  },
  // The payload of one request.
  (table) => [primaryKey({ columns: [table.createdAt, table.requestId] })],
);
