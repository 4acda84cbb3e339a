import { showAudit } from "#lib/console/audit.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";
import { auditQuery } from "#lib/contract/audit.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({
    can: "audit.read",
    query: auditQuery,
    run: ({ actor, query }) => showAudit(actor, query),
  }),
});
