import { defineRoute } from "#lib/console/define-route.ts";
import { showJobs } from "#lib/console/jobs.ts";
import { defineMethods } from "#lib/console/methods.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({ can: "health.read", run: ({ actor }) => showJobs(actor) }),
});
