"use server";

import type { Route } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { defineAction, definePublicAction } from "#lib/console/define-action.ts";
import { createDeployment } from "#lib/console/deployments.ts";
import { createKeyToReveal } from "#lib/console/key-reveal.ts";
import {
  createFirstAdmin,
  finishSetup,
  passProvider,
  saveOrganisation as save,
} from "#lib/console/setup.ts";
import { assertSetupToken, signInAs, signInWithPassword } from "#lib/console/sign-in.ts";
import { deploymentCreate } from "#lib/contract/deployment.ts";
import { setupAdmin, setupKey, setupOrganisation } from "#lib/contract/setup.ts";
import { signInInput, verdictError } from "#lib/contract/sign-in.ts";

export const createAdmin = definePublicAction({
  input: setupAdmin,
  run: async ({ visitor, input: { setup_token: token, confirm: _, ...input } }) => {
    await assertSetupToken(token, visitor.ip);
    const { userId } = await createFirstAdmin(visitor, input);
    await signInAs(userId, "password");
  },
});

/** For a first run that goes on in another browser. */
export const signInAgain = definePublicAction({
  input: signInInput.pick({ email: true, password: true }),
  run: async ({ input }) => ({ error: verdictError(await signInWithPassword(input)) }),
});

export const saveOrganisation = defineAction({
  can: "setting.update",
  input: setupOrganisation,
  run: ({ actor, input }) => save(actor, input),
});

export const addProvider = defineAction({
  can: "deployment.create",
  input: deploymentCreate,
  run: async ({ actor, input }) => {
    await createDeployment(actor, input);
    await passProvider();
  },
});

export const skipProvider = defineAction({
  can: "deployment.create",
  input: z.strictObject({}),
  run: () => passProvider(),
});

export const createFirstKey = defineAction({
  can: "key.create",
  input: setupKey,
  run: async ({ actor, input }) => {
    const revealed = await createKeyToReveal(actor, input);
    await finishSetup(actor);
    return revealed;
  },
});

export const finishWithoutKey = defineAction({
  can: "setting.update",
  input: z.strictObject({}),
  run: async ({ actor }) => {
    await finishSetup(actor);
    redirect("/overview" as Route);
  },
});
