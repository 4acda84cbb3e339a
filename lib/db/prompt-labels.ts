import { and, asc, eq, inArray } from "drizzle-orm";
import { promptLabels } from "#drizzle/schema/prompt-labels.ts";
import type { Db } from "./client.ts";

export interface PromptLabelRow {
  promptId: string;
  label: string;
  version: number;
  updatedAt: Date;
}

/** Labels of some prompts, by name. */
export async function listLabelsOf(
  db: Db,
  params: { promptIds: readonly string[] },
): Promise<PromptLabelRow[]> {
  if (params.promptIds.length === 0) {
    return [];
  }
  return await db
    .select({
      promptId: promptLabels.promptId,
      label: promptLabels.label,
      version: promptLabels.version,
      updatedAt: promptLabels.updatedAt,
    })
    .from(promptLabels)
    .where(inArray(promptLabels.promptId, [...params.promptIds]))
    .orderBy(asc(promptLabels.label));
}

/** Gives a version a label, wherever the label was before. */
export async function setLabel(
  db: Db,
  params: { promptId: string; label: string; version: number; updatedBy: string | null },
): Promise<void> {
  const { promptId, label, version, updatedBy } = params;
  await db
    .insert(promptLabels)
    .values({ promptId, label, version, updatedBy })
    .onConflictDoUpdate({
      target: [promptLabels.promptId, promptLabels.label],
      set: { version, updatedBy, updatedAt: new Date() },
    });
}

export async function deleteLabel(
  db: Db,
  params: { promptId: string; label: string },
): Promise<void> {
  await db
    .delete(promptLabels)
    .where(and(eq(promptLabels.promptId, params.promptId), eq(promptLabels.label, params.label)));
}
