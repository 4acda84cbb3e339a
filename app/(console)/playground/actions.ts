"use server";

import { defineAction } from "#lib/console/define-action.ts";
import { saveSnapshot as save } from "#lib/console/playground.ts";
import { grantPlayground, setPlaygroundBudget } from "#lib/console/playground-grant.ts";
import { grantInput, playgroundBudgetInput, playgroundContent } from "#lib/contract/playground.ts";

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
