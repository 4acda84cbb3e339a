import { integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { PromptMessage, PromptVariable } from "#lib/contract/managed-prompt.ts";
import { createdAt } from "./columns.ts";
import { prompts } from "./prompts.ts";
import { users } from "./users.ts";

/** What a prompt said at one time. Never changed after it was written. */
export const promptVersions = pgTable(
  "prompt_versions",
  {
    promptId: uuid("prompt_id")
      .notNull()
      .references(() => prompts.id, { onDelete: "cascade" }),
    /** From 1, or from where a deleted prompt of the same name ended. */
    version: integer("version").notNull(),
    messages: jsonb("messages").$type<PromptMessage[]>().notNull(),
    variables: jsonb("variables").$type<PromptVariable[]>().notNull(),
    modelHint: text("model_hint"),
    /** What was changed and why. */
    note: text("note").notNull(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.promptId, table.version] })],
);
