"use server";

import { z } from "zod";
import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { defineAction } from "#lib/console/define-action.ts";
import { resetCircuit as reset } from "#lib/console/deployment-detail.ts";
import {
  changeDeployment,
  createDeployment as create,
  removeDeployment,
} from "#lib/console/deployments.ts";
import { deploymentCreate, deploymentUpdate } from "#lib/contract/deployment.ts";

const id = z.uuid();
const one = z.strictObject({ id });

/** Where requests go, and under which credential. */
const isDirecting = (input: { api_key?: unknown; api_base?: unknown }) =>
  input.api_key !== undefined || input.api_base !== undefined;

export const createDeployment = defineAction({
  can: "deployment.create",
  fields: FIELD_ACTIONS.deployment,
  stepUp: isDirecting,
  input: deploymentCreate,
  run: ({ actor, input }) => create(actor, input),
});

export const updateDeployment = defineAction({
  can: "deployment.update",
  fields: FIELD_ACTIONS.deployment,
  stepUp: isDirecting,
  input: deploymentUpdate.extend({ id }),
  run: ({ actor, input: { id: deploymentId, ...change } }) =>
    changeDeployment(actor, deploymentId, change),
});

export const setDeploymentActive = defineAction({
  can: "deployment.update",
  input: z.strictObject({ id, is_active: z.boolean() }),
  run: ({ actor, input }) => changeDeployment(actor, input.id, { is_active: input.is_active }),
});

export const resetCircuit = defineAction({
  can: "deployment.update",
  input: one,
  run: ({ actor, input }) => reset(actor, input.id),
});

export const deleteDeployment = defineAction({
  can: "deployment.delete",
  stepUp: true,
  input: one,
  run: ({ actor, input }) => removeDeployment(actor, input.id),
});
