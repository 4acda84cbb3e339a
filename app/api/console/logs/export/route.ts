import { defineIsland } from "#lib/console/define-island.ts";
import { exportLogs } from "#lib/console/log-export.ts";
import { logIslandQuery, requireLogRequest } from "#lib/contract/log-island.ts";

export const GET = defineIsland({
  can: "log.export",
  query: logIslandQuery,
  run: ({ actor, query }) => {
    const { filter, interval } = requireLogRequest(query, {
      nowMs: Date.now(),
      zone: actor.reportingZone,
    });
    return exportLogs(actor, {
      filter,
      from: new Date(interval.fromMs),
      to: new Date(interval.toMs),
      reportingZone: actor.reportingZone,
    });
  },
});
