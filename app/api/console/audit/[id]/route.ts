import { showAuditEvent } from "#lib/console/audit.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { idParams } from "#lib/contract/params.ts";

export const GET = defineIsland({
  can: "audit.read",
  params: idParams,
  run: ({ actor, params }) => showAuditEvent(actor, params.id),
});
