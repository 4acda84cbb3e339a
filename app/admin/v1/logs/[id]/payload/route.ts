import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { showPayload } from "#lib/console/payloads.ts";
import { requestParams } from "#lib/contract/params.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "log.payload.read",
    params: requestParams,
    run: ({ actor, params }) => showPayload(actor, params.id),
  }),
});
