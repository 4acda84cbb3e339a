import { createTwoFilesPatch } from "diff";
import { instantOf } from "#lib/contract/instants.ts";
import type { ListQuery } from "#lib/contract/paging.ts";
import type {
  PromptDiff,
  PromptInfo,
  PromptVersionCreate,
  PromptVersionInfo,
  PromptVersionList,
} from "#lib/contract/prompt.ts";
import { textOfVersion } from "#lib/contract/prompt-text.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  countVersions,
  deleteVersion,
  getVersion,
  listVersions,
  type PromptVersionRow,
} from "#lib/db/prompt-versions.ts";
import { lockPrompt, updatePrompt } from "#lib/db/prompts.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { saveVersion } from "./prompt-save.ts";
import { readPrompt } from "./prompts.ts";

/** The versions of a prompt, newest first. */
export async function showVersions(
  _actor: Actor,
  name: string,
  query: ListQuery,
): Promise<PromptVersionList> {
  const db = getDb("console");
  const prompt = await readPrompt(db, name);
  const rows = await listVersions(db, { promptId: prompt.id, ...query });
  const { versions } = await countVersions(db, { promptId: prompt.id });
  return { versions: rows.map((row) => infoOf(row, prompt)), total: versions };
}

export async function showVersion(
  _actor: Actor,
  name: string,
  version: number,
): Promise<PromptVersionInfo> {
  const db = getDb("console");
  return await readVersion(db, await readPrompt(db, name), version);
}

async function readVersion(
  db: Db,
  prompt: PromptInfo,
  version: number,
): Promise<PromptVersionInfo> {
  const row = await getVersion(db, { promptId: prompt.id, version });
  return infoOf(requireFound(row, "version"), prompt);
}

function infoOf(row: PromptVersionRow, { labels }: PromptInfo): PromptVersionInfo {
  return {
    version: row.version,
    messages: row.messages,
    variables: row.variables,
    model_hint: row.modelHint,
    note: row.note,
    labels: labels.filter(({ version }) => version === row.version).map(({ label }) => label),
    created_by: row.createdBy,
    created_at: instantOf(row.createdAt),
  };
}

/** Saves the next version of a prompt. Nothing changes one that is saved. */
export async function createVersion(
  actor: Actor,
  name: string,
  input: PromptVersionCreate,
): Promise<PromptVersionInfo> {
  const version = await applyChange(actor, async (tx) => {
    const { id } = requireFound(await lockPrompt(tx, { name }), "prompt");
    const saved = await saveVersion(tx, { actor, prompt: { id, name }, input });
    await updatePrompt(tx, { id });
    return {
      result: saved.version,
      kind: "prompt",
      subjectId: id,
      action: "prompt.version.create",
      after: { ...saved },
    };
  });
  return await showVersion(actor, name, version);
}

/**
 * Takes a version away. Throws `conflict` (409) for one that requests may be answered from, by a
 * label or as the newest; the newest also because its number would be given to another text.
 */
export async function removeVersion(actor: Actor, name: string, version: number): Promise<void> {
  await applyChange(actor, async (tx) => {
    requireFound(await lockPrompt(tx, { name }), "prompt");
    const prompt = await readPrompt(tx, name);
    const { labels, note } = await readVersion(tx, prompt, version);
    assertUnused(prompt, version, labels);
    await deleteVersion(tx, { promptId: prompt.id, version });
    await updatePrompt(tx, { id: prompt.id });
    return {
      result: undefined,
      kind: "prompt",
      subjectId: prompt.id,
      action: "prompt.version.delete",
      before: { name, version, note },
    };
  });
}

function assertUnused(prompt: PromptInfo, version: number, labels: readonly string[]): void {
  if (labels.length > 0) {
    throw new ConduitError("conflict", {
      message: `Version ${version} has the ${labels.length === 1 ? "label" : "labels"} ${labels.join(", ")}. Move ${labels.length === 1 ? "it" : "them"} to another version first.`,
      param: "version",
    });
  }
  if (version === prompt.latest_version) {
    throw new ConduitError("conflict", {
      message: `Version ${version} is the newest, and its number must never mean another text. Save the version that replaces it first, or delete the prompt.`,
      param: "version",
    });
  }
}

/** The time of a comparison grows with the square of what differs. */
const MAX_EDITS = 2_000;

/** Two versions as a unified diff of their text. */
export async function showVersionDiff(
  actor: Actor,
  name: string,
  { a, b }: { a: number; b: number },
): Promise<PromptDiff> {
  const [one, other] = await Promise.all([
    showVersion(actor, name, a),
    showVersion(actor, name, b),
  ]);
  const diff = createTwoFilesPatch(
    `${name} version ${a}`,
    `${name} version ${b}`,
    textOfVersion(one),
    textOfVersion(other),
    undefined,
    undefined,
    { maxEditLength: MAX_EDITS },
  );
  if (diff === undefined) {
    throw new ConduitError("invalid_value", {
      message: `The versions differ in more than ${MAX_EDITS} lines.`,
      param: "b",
    });
  }
  return { name, a, b, diff };
}
