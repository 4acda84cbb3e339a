import { verifyAudit } from "#lib/console/audit.ts";
import { defineRoute } from "#lib/console/define-route.ts";
import { defineMethods } from "#lib/console/methods.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({
  GET: defineRoute({ can: "audit.verify", run: ({ actor }) => verifyAudit(actor) }),
});
