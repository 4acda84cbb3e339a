"use server";

import { defineAction } from "#lib/console/define-action.ts";
import { requestJob } from "#lib/console/jobs.ts";
import { jobParams } from "#lib/contract/job.ts";

export const runJob = defineAction({
  can: "job.run",
  input: jobParams.strict(),
  run: ({ actor, input }) => requestJob(actor, input.name),
});
