import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { showRequestLog } from "#lib/console/request-logs.ts";
import { requestParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "log.read",
    params: requestParams,
    run: ({ actor, params }) => showRequestLog(actor, params.id),
  }),
});
