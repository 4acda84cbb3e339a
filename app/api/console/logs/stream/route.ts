import { headers } from "next/headers";
import { defineIsland } from "#lib/console/define-island.ts";
import { streamLogs } from "#lib/console/log-stream.ts";
import { logTailQuery, requireLogRequest } from "#lib/contract/log-island.ts";

/** A browser that comes back by itself tells the last event that it got, which wins over `since`. */
async function lastEventMs(): Promise<number | undefined> {
  const id = (await headers()).get("last-event-id");
  return id !== null && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

export const GET = defineIsland({
  can: "log.read",
  query: logTailQuery,
  run: async ({ actor, query, signal }) => {
    const { filter } = requireLogRequest(query, { nowMs: Date.now(), zone: actor.reportingZone });
    const sinceMs = (await lastEventMs()) ?? query.since;
    return streamLogs(actor, { filter, sinceMs, signal });
  },
});
