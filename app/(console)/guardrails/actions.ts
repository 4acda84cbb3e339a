"use server";

import { defineAction } from "#lib/console/define-action.ts";
import { reorderRules as reorder } from "#lib/console/guardrail-order.ts";
import { changeRule, createRule as create, removeRule } from "#lib/console/guardrails.ts";
import { guardrailCreate, guardrailOrder, guardrailUpdate } from "#lib/contract/guardrail.ts";
import { idParams } from "#lib/contract/params.ts";

export const createRule = defineAction({
  can: "guardrail.set",
  input: guardrailCreate,
  run: ({ actor, input }) => create(actor, input),
});

export const updateRule = defineAction({
  can: "guardrail.set",
  input: guardrailUpdate.extend(idParams.shape),
  run: ({ actor, input: { id, ...change } }) => changeRule(actor, id, change),
});

export const setRuleMode = defineAction({
  can: "guardrail.set",
  input: guardrailUpdate.pick({ mode: true }).required().extend(idParams.shape),
  run: ({ actor, input: { id, mode } }) => changeRule(actor, id, { mode }),
});

export const reorderRules = defineAction({
  can: "guardrail.set",
  input: guardrailOrder,
  run: ({ actor, input }) => reorder(actor, input),
});

export const deleteRule = defineAction({
  can: "guardrail.set",
  input: idParams,
  run: ({ actor, input }) => removeRule(actor, input.id),
});
