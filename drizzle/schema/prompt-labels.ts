import { foreignKey, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { updatedAt } from "./columns.ts";
import { promptVersions } from "./prompt-versions.ts";
import { users } from "./users.ts";

/** Names for versions, as `production`: moving one is a release or a rollback. */
export const promptLabels = pgTable(
  "prompt_labels",
  {
    promptId: uuid("prompt_id").notNull(),
    label: text("label").notNull(),
    version: integer("version").notNull(),
    updatedBy: uuid("updated_by").references(() => users.id),
    updatedAt: updatedAt(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.label] }),
    // A version that has a label cannot be deleted.
    foreignKey({
      name: "prompt_labels_version_fk",
      columns: [table.promptId, table.version],
      foreignColumns: [promptVersions.promptId, promptVersions.version],
    }),
  ],
);
