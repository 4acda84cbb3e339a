"use server";

import { z } from "zod";
import { defineAction } from "#lib/console/define-action.ts";
import { signEveryoneOut as endAll } from "#lib/console/everyone-out.ts";
import { requestJob } from "#lib/console/jobs.ts";
import { changeSettings } from "#lib/console/settings.ts";
import { generalChange, retentionChange, securityChange } from "#lib/contract/settings.ts";

const nothing = z.strictObject({});

export const saveGeneral = defineAction({
  can: "setting.update",
  input: generalChange,
  run: ({ actor, input }) => changeSettings(actor, "general", input),
});

export const saveRetention = defineAction({
  can: "retention.set",
  stepUp: true,
  input: retentionChange,
  run: ({ actor, input }) => changeSettings(actor, "retention", input),
});

export const runRetention = defineAction({
  can: "job.run",
  input: nothing,
  run: ({ actor }) => requestJob(actor, "retention"),
});

export const saveSecurity = defineAction({
  can: "setting.update",
  input: securityChange,
  stepUp: true,
  run: ({ actor, input }) => changeSettings(actor, "security", input),
});

export const signEveryoneOut = defineAction({
  can: "setting.update",
  input: nothing,
  stepUp: true,
  run: ({ actor }) => endAll(actor),
});
