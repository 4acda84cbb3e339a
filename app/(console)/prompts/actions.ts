"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";
import { movePromptLabel, removePromptLabel } from "#lib/console/prompt-labels.ts";
import { createVersion as create, removeVersion } from "#lib/console/prompt-versions.ts";
import { changePrompt, createPrompt as createFirst, removePrompt } from "#lib/console/prompts.ts";
import {
  promptCreate,
  promptLabelParams,
  promptLabelSet,
  promptUpdate,
  promptVersionCreate,
  promptVersionParams,
} from "#lib/contract/prompt.ts";

const name = z.string().min(1).max(256);

export const createPrompt = defineAction({
  can: "prompt.write",
  input: promptCreate,
  run: ({ actor, input }) => createFirst(actor, input),
});

export const createVersion = defineAction({
  can: "prompt.write",
  input: promptVersionCreate.extend({ name }),
  run: ({ actor, input: { name: prompt, ...version } }) => create(actor, prompt, version),
});

export const describePrompt = defineAction({
  can: "prompt.write",
  input: promptUpdate.extend({ name }),
  run: ({ actor, input: { name: prompt, ...change } }) => changePrompt(actor, prompt, change),
});

export const setLabel = defineAction({
  can: "prompt.write",
  input: promptLabelSet.extend({ name }),
  run: ({ actor, input: { name: prompt, ...label } }) => movePromptLabel(actor, prompt, label),
});

export const deleteLabel = defineAction({
  can: "prompt.write",
  input: promptLabelParams.strict(),
  run: ({ actor, input }) => removePromptLabel(actor, input.name, input.label),
});

export const deleteVersion = defineAction({
  can: "prompt.write",
  input: promptVersionParams.strict(),
  run: ({ actor, input }) => removeVersion(actor, input.name, input.version),
});

export const deletePrompt = defineAction({
  can: "prompt.write",
  input: z.strictObject({ name }),
  run: ({ actor, input }) => removePrompt(actor, input.name),
});
