import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, real, text, uuid } from "drizzle-orm/pg-core";
import { instantMs, nanos } from "./columns.ts";

/** Every try of every target, partitioned by day like the rows it belongs to. */
export const requestAttempts = pgTable(
  "request_attempts",
  {
    requestId: uuid("request_id").notNull(),
    /** The `created_at` of the request's log row. */
    createdAt: instantMs("created_at").notNull(),
    /** 1 for the first try. */
    position: integer("position").notNull(),
    deploymentId: uuid("deployment_id").notNull(),
    deploymentName: text("deployment_name").notNull(),
    provider: text("provider").notNull(),
    status: integer("status"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    startedAt: instantMs("started_at").notNull(),
    durationMs: real("duration_ms").notNull(),
    /** Why it ended: `ok`, an `UpstreamFailure` kind, `skipped_limit`, `cancelled`. */
    ended: text("ended").notNull(),
    costNanos: nanos("cost_nanos").notNull(),
  },
  // `/logs/{id}`. Position makes a replayed attempt the same row.
  (table) => [
    primaryKey({ columns: [table.createdAt, table.requestId, table.position] }),
    // Failed tries by deployment on the models page; most tries are fine and cost this index nothing.
    index("request_attempts_failed_idx")
      .on(table.createdAt, table.deploymentId)
      .where(sql`${table.ended} <> 'ok'`),
  ],
);
