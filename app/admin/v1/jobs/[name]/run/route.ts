import { defineRoute } from "#lib/console/define-route.ts";
import { requestJob } from "#lib/console/jobs.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { jobParams } from "#lib/contract/job.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  POST: defineRoute({
    can: "job.run",
    params: jobParams,
    run: ({ actor, params }) => requestJob(actor, params.name),
  }),
});
