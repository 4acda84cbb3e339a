import { index, integer, jsonb, pgTable, real, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

export interface InstanceCircuit {
  deploymentId: string;
  state: "closed" | "open" | "half_open";
  since: string;
  reason: string | null;
}

/** The processes that serve, each with a heartbeat. */
export const instances = pgTable(
  "instances",
  {
    id: id(),
    host: text("host").notNull(),
    version: text("version").notNull(),
    startedAt: instant("started_at").notNull(),
    seenAt: instant("seen_at").notNull(),
    memoryMib: real("memory_mib").notNull(),
    loopLagMs: real("loop_lag_ms").notNull(),
    inFlight: integer("in_flight").notNull(),
    queued: integer("queued").notNull(),
    /** Breakers that are not closed, as this process sees them. */
    circuits: jsonb("circuits").$type<InstanceCircuit[]>().notNull().default([]),
  },
  // Which processes are alive.
  (table) => [index("instances_seen_idx").on(table.seenAt)],
);
