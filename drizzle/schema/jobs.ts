import { boolean, pgTable, real, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** The last run of each background job, on whichever replica it was. */
export const jobs = pgTable("jobs", {
  name: text("name").primaryKey(),
  startedAt: instant("started_at").notNull(),
  finishedAt: instant("finished_at"),
  durationMs: real("duration_ms"),
  ok: boolean("ok"),
  /** What it did, or why it failed, in words. */
  result: text("result"),
});
