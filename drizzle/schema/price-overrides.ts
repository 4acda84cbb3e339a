import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant, nanos } from "./columns.ts";

/** Prices that an administrator has set, before those of the catalogue. */
export const priceOverrides = pgTable(
  "price_overrides",
  {
    id: id(),
    /** A model's name; `*` at its end stands for any ending. */
    modelPattern: text("model_pattern").notNull(),
    /** Null holds for every provider. */
    provider: text("provider"),
    /** Nano-dollars per million tokens; null takes the price of input. */
    inputNanos: nanos("input_nanos").notNull(),
    cacheReadNanos: nanos("cache_read_nanos"),
    cacheWriteNanos: nanos("cache_write_nanos"),
    outputNanos: nanos("output_nanos").notNull(),
    effectiveFrom: instant("effective_from").notNull(),
    createdBy: uuid("created_by"),
    createdAt: createdAt(),
  },
  (table) => [
    // The list of prices, and the snapshot.
    index("price_overrides_pattern_idx").on(table.modelPattern, table.effectiveFrom),
  ],
);
