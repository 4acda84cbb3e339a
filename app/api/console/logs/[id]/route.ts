import { defineIsland } from "#lib/console/define-island.ts";
import { showNeighbours } from "#lib/console/log-list.ts";
import { showRequestLog } from "#lib/console/request-logs.ts";
import { logIslandQuery, requireLogRequest } from "#lib/contract/log-island.ts";
import { requestParams } from "#lib/contract/params.ts";

/** One entry, and its neighbours in the list that the query describes. */
export const GET = defineIsland({
  can: "log.read",
  params: requestParams,
  query: logIslandQuery,
  run: async ({ actor, params, query }) => {
    const { filter, interval, sort, direction } = requireLogRequest(query, {
      nowMs: Date.now(),
      zone: actor.reportingZone,
    });
    const log = await showRequestLog(actor, params.id);
    const neighbours = await showNeighbours(actor, {
      id: params.id,
      filter,
      from: new Date(interval.fromMs),
      to: new Date(interval.toMs),
      sort,
      direction,
    });
    return { log, ...neighbours };
  },
});
