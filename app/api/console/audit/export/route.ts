import { exportAudit } from "#lib/console/audit-export.ts";
import { defineIsland } from "#lib/console/define-island.ts";
import { auditExportQuery } from "#lib/contract/audit.ts";

export const GET = defineIsland({
  can: "audit.export",
  stepUp: true,
  query: auditExportQuery,
  run: ({ actor, query }) => exportAudit(actor, query),
});
