"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";
import { saveSnapshot as save } from "#lib/console/playground.ts";
import { grantPlayground, setPlaygroundBudget } from "#lib/console/playground-grant.ts";
import { createVersion } from "#lib/console/prompt-versions.ts";
import { createPrompt } from "#lib/console/prompts.ts";
import { grantInput, playgroundBudgetInput, playgroundContent } from "#lib/contract/playground.ts";
import { promptCreate, promptVersionCreate } from "#lib/contract/prompt.ts";

export const mintGrant = defineAction({
  can: "playground.use",
  input: grantInput,
  run: ({ actor, input }) => grantPlayground(actor, input),
});

export const saveSnapshot = defineAction({
  can: "playground.use",
  input: playgroundContent,
  run: ({ actor, input }) => save(actor, input),
});

export const setBudget = defineAction({
  can: "playground.use",
  input: playgroundBudgetInput,
  run: ({ actor, input }) => setPlaygroundBudget(actor, input),
});

export const saveAsPrompt = defineAction({
  can: "prompt.write",
  input: promptCreate,
  run: ({ actor, input }) => createPrompt(actor, input),
});

export const saveAsVersion = defineAction({
  can: "prompt.write",
  input: promptVersionCreate.extend({ name: z.string().min(1).max(256) }),
  run: ({ actor, input: { name, ...version } }) => createVersion(actor, name, version),
});
