import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** When a breaker opened, let a try through or closed, and why. */
export const circuitEvents = pgTable(
  "circuit_events",
  {
    id: id(),
    deploymentId: uuid("deployment_id").notNull(),
    at: instant("at").notNull(),
    state: text("state").$type<"closed" | "open" | "half_open">().notNull(),
    reason: text("reason"),
    instanceId: uuid("instance_id"),
  },
  // A deployment's history, and the board of availability.
  (table) => [index("circuit_events_deployment_idx").on(table.deploymentId, table.at)],
);
