"use server";

import { removeBudget as remove, setBudget as set } from "#lib/console/budget-changes.ts";
import { raiseBudget as raise, resetBudget as reset } from "#lib/console/budget-raise.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { budgetRaise, budgetReset, budgetSet, budgetSubject } from "#lib/contract/budget-tree.ts";

// Each level has its own permission, which the work itself asks for.
export const setBudget = defineAction({
  can: "budget.read",
  input: budgetSet,
  run: ({ actor, input }) => set(actor, input),
});

export const raiseBudget = defineAction({
  can: "budget.read",
  input: budgetRaise,
  run: ({ actor, input }) => raise(actor, input),
});

export const resetBudget = defineAction({
  can: "budget.reset",
  input: budgetReset,
  run: ({ actor, input }) => reset(actor, input),
});

export const removeBudget = defineAction({
  can: "budget.read",
  input: budgetSubject,
  run: ({ actor, input }) => remove(actor, input),
});
