import { verifyAudit } from "#lib/console/audit.ts";
import { defineIsland } from "#lib/console/define-island.ts";

export const GET = defineIsland({
  can: "audit.verify",
  run: ({ actor }) => verifyAudit(actor),
});
