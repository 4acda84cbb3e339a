import type { PromptInfo, PromptLabelSet } from "#lib/contract/prompt.ts";
import { getDb } from "#lib/db/client.ts";
import { deleteLabel, setLabel } from "#lib/db/prompt-labels.ts";
import { getVersion } from "#lib/db/prompt-versions.ts";
import { lockPrompt, updatePrompt } from "#lib/db/prompts.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound, requireNamed } from "./found.ts";
import { authorOf } from "./prompt-save.ts";
import { readPrompt } from "./prompts.ts";

/**
 * Gives a version a label, or moves a label to it: a release, or a rollback. Throws `conflict` (409)
 * when the label is not where the caller believes it to be.
 */
export async function movePromptLabel(
  actor: Actor,
  name: string,
  input: PromptLabelSet,
): Promise<PromptInfo> {
  const { label, version, expected_version: expected } = input;
  await applyChange(actor, async (tx) => {
    const { id } = requireFound(await lockPrompt(tx, { name }), "prompt");
    requireNamed(await getVersion(tx, { promptId: id, version }), {
      param: "version",
      what: "version",
    });
    const before = labelOf(await readPrompt(tx, name), label);
    if (expected !== undefined && expected !== before) {
      throw new ConduitError("conflict", {
        message: `'${label}' is ${before === null ? "at no version" : `at version ${before}`} by now.`,
        param: "expected_version",
      });
    }
    await setLabel(tx, { promptId: id, label, version, updatedBy: authorOf(actor) });
    await updatePrompt(tx, { id });
    return {
      result: undefined,
      kind: "prompt",
      subjectId: id,
      action: "prompt.label.set",
      before: { name, label, version: before },
      after: { name, label, version },
    };
  });
  return await readPrompt(getDb("console"), name);
}

/** Takes a label away. Requests that name it are refused from then on. */
export async function removePromptLabel(actor: Actor, name: string, label: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const { id } = requireFound(await lockPrompt(tx, { name }), "prompt");
    const version = labelOf(await readPrompt(tx, name), label);
    requireFound(version ?? undefined, "label");
    await deleteLabel(tx, { promptId: id, label });
    await updatePrompt(tx, { id });
    return {
      result: undefined,
      kind: "prompt",
      subjectId: id,
      action: "prompt.label.delete",
      before: { name, label, version },
    };
  });
}

function labelOf({ labels }: PromptInfo, label: string): number | null {
  return labels.find((each) => each.label === label)?.version ?? null;
}
