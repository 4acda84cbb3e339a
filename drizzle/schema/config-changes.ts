import { pgTable, text } from "drizzle-orm/pg-core";
import type { ConfigChangeKind } from "#lib/contract/config-change.ts";
import { counter, instant } from "./columns.ts";

/** What each version changed, so that another process can forget just that. */
export const configChanges = pgTable("config_changes", {
  version: counter("version").primaryKey(),
  kind: text("kind").$type<ConfigChangeKind>().notNull(),
  subjectId: text("subject_id").notNull(),
  at: instant("at").notNull().defaultNow(),
});
