import { pgTable, primaryKey } from "drizzle-orm/pg-core";
import { usageDimensions, usageMeasures } from "./usage-columns.ts";

/**
 * The same sums per hour (UTC), written by the same statement: a month's report reads a third of the
 * rows. Where a day of the reporting zone begins inside an hour, the quarters of that hour are read.
 */
export const usageRollup1h = pgTable(
  "usage_rollup_1h",
  { ...usageDimensions(), ...usageMeasures() },
  (table) => [
    // Charts and reports of more than a day.
    primaryKey({
      name: "usage_rollup_1h_key",
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
  ],
);
