import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

/**
 * Requests that have ended since `endedAfter`, the latest `limit` of them, oldest end first. Rows
 * are dated by their start and written at their end, so that the order of ids is not the order in
 * which they come; `startedAfter` keeps the search to the newest rows.
 */
export async function listEndedLogs(
  db: Db,
  params: { startedAfter: Date; endedAfter: Date; limit: number },
): Promise<{ id: string; endedAtMs: number }[]> {
  const rows = await db.execute<{ id: string; ended_ms: number }>(sql`
    select id, ended_ms from (
      select id, created_at,
        extract(epoch from created_at)::float8 * 1000 + latency_ms::float8 as ended_ms
      from request_logs where created_at > ${params.startedAfter.toISOString()}::timestamptz
    ) as started
    where ended_ms > ${params.endedAfter.getTime()}::float8
    order by ended_ms desc, id desc limit ${params.limit}`);
  return [...rows].map(({ id, ended_ms }) => ({ id, endedAtMs: Number(ended_ms) })).toReversed();
}
