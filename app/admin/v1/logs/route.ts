import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { showRequestLogs } from "#lib/console/request-logs.ts";
import { requestLogQuery } from "#lib/contract/request-log.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "log.read",
    query: requestLogQuery,
    run: ({ actor, query }) => showRequestLogs(actor, query),
  }),
});
