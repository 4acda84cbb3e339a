import type { Actor } from "#lib/console/actor.ts";
import { movePromptLabel } from "#lib/console/prompt-labels.ts";
import { createVersion } from "#lib/console/prompt-versions.ts";
import { createPrompt } from "#lib/console/prompts.ts";
import { promptCreate, promptVersionCreate } from "#lib/contract/prompt.ts";
import { newId } from "#lib/ids.ts";

const ACTOR: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };

/** Saves a prompt with its first version. */
export async function addPrompt(fields: Record<string, unknown>): Promise<void> {
  await createPrompt(ACTOR, promptCreate.parse(fields));
}

/** Saves the next version of a prompt. */
export async function addPromptVersion(
  name: string,
  fields: Record<string, unknown>,
): Promise<number> {
  const input = promptVersionCreate.parse({ note: "changed", ...fields });
  return (await createVersion(ACTOR, name, input)).version;
}

export async function setPromptLabel(name: string, label: string, version: number): Promise<void> {
  await movePromptLabel(ACTOR, name, { label, version });
}
