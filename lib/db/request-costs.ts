import { idTimeMs } from "#lib/ids.ts";
import type { Sql } from "./client.ts";

/** What requests cost, in nano-dollars, by their ids; those without a log row are left out. */
export async function listRequestCosts(
  sql: Sql,
  requestIds: readonly string[],
): Promise<Map<string, bigint>> {
  if (requestIds.length === 0) {
    return new Map();
  }
  // A row's time is in its id; with it the index serves, and without it every partition is read.
  const times = requestIds.map(idTimeMs);
  const rows = await sql<{ id: string; cost: string }[]>`
    select id::text as id, cost_nanos::text as cost from request_logs
    where created_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}
      and id in ${sql([...requestIds])}`;
  return new Map(rows.map(({ id, cost }) => [id, BigInt(cost)]));
}
