import { instantOf } from "#lib/contract/instants.ts";
import type { PromptCreate, PromptInfo, PromptQuery, PromptUpdate } from "#lib/contract/prompt.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { listLabelsOf, type PromptLabelRow } from "#lib/db/prompt-labels.ts";
import {
  deletePrompt,
  getPrompt,
  insertPrompt,
  listPrompts,
  lockPrompt,
  type PromptRow,
  updatePrompt,
} from "#lib/db/prompts.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { authorOf, saveVersion } from "./prompt-save.ts";

/** Prompts are shared by the whole install: everybody who may read them at all reads all of them. */
export async function showPrompts(
  _actor: Actor,
  query: PromptQuery,
): Promise<{ prompts: PromptInfo[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listPrompts(db, query);
  const labels = await listLabelsOf(db, { promptIds: rows.map(({ id }) => id) });
  const grouped = Map.groupBy(labels, ({ promptId }) => promptId);
  return { prompts: rows.map((row) => infoOf(row, grouped.get(row.id) ?? [])), total };
}

export async function showPrompt(_actor: Actor, name: string): Promise<PromptInfo> {
  return await readPrompt(getDb("console"), name);
}

/** Throws `not_found` (404) when there is no prompt of this name. */
export async function readPrompt(db: Db, name: string): Promise<PromptInfo> {
  const row = requireFound(await getPrompt(db, { name }), "prompt");
  return infoOf(row, await listLabelsOf(db, { promptIds: [row.id] }));
}

function infoOf(row: PromptRow, labels: readonly PromptLabelRow[]): PromptInfo {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    latest_version: row.latestVersion,
    labels: labels.map(({ label, version, updatedAt }) => ({
      label,
      version,
      updated_at: instantOf(updatedAt),
    })),
    variables: row.variables.map(({ name }) => name),
    model_hint: row.modelHint,
    updated_by: row.updatedBy,
    created_at: instantOf(row.createdAt),
    updated_at: instantOf(row.updatedAt),
  };
}

/** Makes a prompt with its first version. Throws `conflict` (409) for a name that is taken. */
export async function createPrompt(actor: Actor, input: PromptCreate): Promise<PromptInfo> {
  const { name, description, ...version } = input;
  const id = newId();
  await applyChange(actor, async (tx) => {
    await insertPrompt(tx, { id, name, description, createdBy: authorOf(actor) });
    const saved = await saveVersion(tx, { actor, prompt: { id, name }, input: version });
    return {
      result: undefined,
      kind: "prompt",
      subjectId: id,
      action: "prompt.create",
      after: { ...saved, description },
    };
  });
  return await showPrompt(actor, name);
}

export async function changePrompt(
  actor: Actor,
  name: string,
  { description }: PromptUpdate,
): Promise<PromptInfo> {
  await applyChange(actor, async (tx) => {
    requireFound(await lockPrompt(tx, { name }), "prompt");
    const before = await readPrompt(tx, name);
    await updatePrompt(tx, { id: before.id, description });
    return {
      result: undefined,
      kind: "prompt",
      subjectId: before.id,
      action: "prompt.update",
      before: { name, description: before.description },
      after: { name, description },
    };
  });
  return await showPrompt(actor, name);
}

/** Takes a prompt away with all that belongs to it; requests that name it are refused from then on. */
export async function removePrompt(actor: Actor, name: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    requireFound(await lockPrompt(tx, { name }), "prompt");
    const before = await readPrompt(tx, name);
    await deletePrompt(tx, { id: before.id });
    return {
      result: undefined,
      kind: "prompt",
      subjectId: before.id,
      action: "prompt.delete",
      before: {
        name,
        versions_up_to: before.latest_version,
        labels: Object.fromEntries(before.labels.map(({ label, version }) => [label, version])),
      },
    };
  });
}
