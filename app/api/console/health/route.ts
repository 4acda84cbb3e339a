import { defineIsland } from "#lib/console/define-island.ts";
import { showHealth } from "#lib/console/health-report.ts";

export const GET = defineIsland({
  can: "health.read",
  run: ({ actor }) => showHealth(actor),
});
