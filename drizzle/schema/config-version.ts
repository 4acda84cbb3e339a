import { sql } from "drizzle-orm";
import { check, pgTable, smallint } from "drizzle-orm/pg-core";
import { counter } from "./columns.ts";

/** One row: the number of the last change of the configuration. Its lock puts changes in order. */
export const configVersion = pgTable(
  "config_version",
  {
    id: smallint("id").primaryKey(),
    version: counter("version").notNull(),
  },
  (table) => [check("config_version_single", sql`${table.id} = 1`)],
);
