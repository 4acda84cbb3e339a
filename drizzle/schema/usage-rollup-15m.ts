import { index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { usageDimensions, usageMeasures } from "./usage-columns.ts";

/** Sums per quarter of an hour, written in the transaction of the rows they count. */
export const usageRollup15m = pgTable(
  "usage_rollup_15m",
  { ...usageDimensions(), ...usageMeasures() },
  (table) => [
    // Every chart: a range of time first, then whatever it is grouped by.
    primaryKey({
      name: "usage_rollup_15m_key",
      columns: [
        table.bucketStart,
        table.keyId,
        table.userId,
        table.teamId,
        table.alias,
        table.modelAsked,
        table.model,
        table.provider,
        table.deploymentId,
        table.outcome,
      ],
    }),
    // `spend_usd` of one key in the list of keys.
    index("usage_rollup_15m_key_idx").on(table.keyId, table.bucketStart),
  ],
);
