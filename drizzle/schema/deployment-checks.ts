import { boolean, index, jsonb, pgTable, real, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** Results of connection tests. */
export const deploymentChecks = pgTable(
  "deployment_checks",
  {
    id: id(),
    deploymentId: uuid("deployment_id").notNull(),
    at: instant("at").notNull(),
    ok: boolean("ok").notNull(),
    durationMs: real("duration_ms").notNull(),
    /** The steps of the test with their milliseconds and errors. */
    steps: jsonb("steps").$type<unknown>().notNull(),
  },
  // The last check of a deployment.
  (table) => [index("deployment_checks_deployment_idx").on(table.deploymentId, table.at)],
);
