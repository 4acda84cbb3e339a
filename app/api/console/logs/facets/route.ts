import { defineIsland } from "#lib/console/define-island.ts";
import { showLogFacets } from "#lib/console/log-stats.ts";
import { logFacetsQuery, requireLogRequest } from "#lib/contract/log-island.ts";

export const GET = defineIsland({
  can: "log.read",
  query: logFacetsQuery,
  run: ({ actor, query }) => {
    const { filter, interval } = requireLogRequest(query, {
      nowMs: Date.now(),
      zone: actor.reportingZone,
    });
    return showLogFacets(actor, {
      filter,
      from: new Date(interval.fromMs),
      to: new Date(interval.toMs),
      facets: query.facets,
    });
  },
});
