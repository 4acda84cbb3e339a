import { index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { aliases } from "./aliases.ts";
import { deployments } from "./deployments.ts";

export const aliasMembers = pgTable(
  "alias_members",
  {
    aliasId: uuid("alias_id")
      .notNull()
      .references(() => aliases.id, { onDelete: "cascade" }),
    deploymentId: uuid("deployment_id")
      .notNull()
      .references(() => deployments.id, { onDelete: "cascade" }),
    priority: integer("priority").notNull().default(1),
    weight: integer("weight").notNull().default(100),
  },
  (table) => [
    primaryKey({ columns: [table.aliasId, table.deploymentId] }),
    // The cascade when a deployment is deleted.
    index("alias_members_deployment_idx").on(table.deploymentId),
  ],
);
