import { defineIsland } from "#lib/console/define-island.ts";
import { showEndedSince } from "#lib/console/log-tail.ts";
import { logTailQuery, requireLogRequest } from "#lib/contract/log-island.ts";

/** What a browser asks for every few seconds where no stream reaches it. */
export const GET = defineIsland({
  can: "log.read",
  query: logTailQuery,
  run: async ({ actor, query }) => {
    const nowMs = Date.now();
    const { filter } = requireLogRequest(query, { nowMs, zone: actor.reportingZone });
    return { rows: await showEndedSince(actor, { filter, sinceMs: query.since ?? nowMs }) };
  },
});
