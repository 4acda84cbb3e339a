import type { PromptVersionCreate } from "#lib/contract/prompt.ts";
import { MAX_VARIABLES } from "#lib/contract/prompt-fields.ts";
import { withUsedVariables } from "#lib/contract/prompt-variable.ts";
import type { Db } from "#lib/db/client.ts";
import { setLabel } from "#lib/db/prompt-labels.ts";
import {
  countVersions,
  insertVersion,
  newestDeletedVersion,
  sumVersions,
} from "#lib/db/prompt-versions.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";

/** All versions of all prompts are held in memory by every process that answers requests. */
const MAX_VERSIONS = 500;
/** Of the JSON of all versions together. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
/** What a version counts for beside its text: small ones take memory too. */
const CHARACTERS_PER_VERSION = 1_024;

/** The person behind an actor, for the rows that name their author. */
export function authorOf({ principal }: Actor): string | null {
  return principal.kind === "user" ? principal.id : null;
}

export interface VersionToSave {
  actor: Actor;
  /** Locked already, or made in this transaction. */
  prompt: { id: string; name: string };
  input: PromptVersionCreate;
}

/** What the audit log keeps of a version: the text itself stays in the version. */
export interface SavedVersion {
  name: string;
  version: number;
  note: string;
  model_hint: string | null;
  labels: string[];
}

/** Writes the next version of a prompt and moves the labels that it asks for. */
export async function saveVersion(
  tx: Db,
  { actor, prompt, input }: VersionToSave,
): Promise<SavedVersion> {
  const variables = withUsedVariables(input.variables, input.messages);
  if (variables.length > MAX_VARIABLES) {
    throw new ConduitError("invalid_value", {
      message: `'messages' uses more than ${MAX_VARIABLES} variables together with those that are listed.`,
      param: "messages",
    });
  }
  await assertRoom(tx, { messages: input.messages, variables });
  const version = await nextVersion(tx, prompt);
  const author = authorOf(actor);
  await insertVersion(tx, {
    promptId: prompt.id,
    version,
    messages: input.messages,
    variables,
    modelHint: input.model_hint,
    note: input.note,
    createdBy: author,
  });
  const labels = [...new Set(input.labels)];
  for (const label of labels) {
    await setLabel(tx, { promptId: prompt.id, label, version, updatedBy: author });
  }
  return { name: prompt.name, version, note: input.note, model_hint: input.model_hint, labels };
}

/** The next number of a prompt. No number of a name is used twice, even when the prompt is a new one. */
async function nextVersion(tx: Db, { id, name }: VersionToSave["prompt"]): Promise<number> {
  const { versions, newest } = await countVersions(tx, { promptId: id });
  if (versions >= MAX_VERSIONS) {
    throw new ConduitError("invalid_value", {
      message: `A prompt has at most ${MAX_VERSIONS} versions. Delete some that are no longer used.`,
    });
  }
  return (newest === 0 ? await newestDeletedVersion(tx, { name }) : newest) + 1;
}

/** Two that are saved at the same moment may pass the limit together, by one version. */
async function assertRoom(
  tx: Db,
  version: Pick<PromptVersionCreate, "messages" | "variables">,
): Promise<void> {
  const { versions, characters } = await sumVersions(tx);
  const { messages, variables } = version;
  const added = JSON.stringify(messages).length + JSON.stringify(variables).length;
  if (characters + added + (versions + 1) * CHARACTERS_PER_VERSION > MAX_CHARACTERS) {
    throw new ConduitError("invalid_value", {
      message: `All versions of all prompts together have at most ${MAX_CHARACTERS} characters, of which each version takes ${CHARACTERS_PER_VERSION} beside its text. Delete versions or prompts that are no longer used.`,
      param: "messages",
    });
  }
}
