import { defineIsland } from "#lib/console/define-island.ts";
import { exportUsage } from "#lib/console/usage-export.ts";
import { logIslandQuery } from "#lib/contract/log-island.ts";
import { requireReportRequest } from "#lib/contract/report-request.ts";

export const GET = defineIsland({
  can: "log.export",
  query: logIslandQuery,
  run: ({ actor, query }) => {
    const context = { nowMs: Date.now(), zone: actor.reportingZone, defaultRange: "30d" } as const;
    const { filter, interval, view } = requireReportRequest(query, context);
    return exportUsage(actor, { filter, interval, ...view });
  },
});
