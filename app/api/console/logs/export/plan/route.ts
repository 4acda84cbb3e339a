import { defineIsland } from "#lib/console/define-island.ts";
import { planLogExport } from "#lib/console/log-export.ts";
import { logIslandQuery, requireLogRequest } from "#lib/contract/log-island.ts";

/** How much an export would hold. */
export const GET = defineIsland({
  can: "log.export",
  query: logIslandQuery,
  run: ({ actor, query }) => {
    const { filter, interval } = requireLogRequest(query, {
      nowMs: Date.now(),
      zone: actor.reportingZone,
    });
    return planLogExport(actor, {
      filter,
      from: new Date(interval.fromMs),
      to: new Date(interval.toMs),
    });
  },
});
