import type { Sql } from "./client.ts";

/** What requests cost, in nano-dollars, by their ids; those without a log row are left out. */
export async function listRequestCosts(
  sql: Sql,
  requestIds: readonly string[],
): Promise<Map<string, bigint>> {
  const rows = await sql<{ id: string; cost: string }[]>`
    select id::text as id, cost_nanos::text as cost from request_logs
    where id in ${sql([...requestIds])}`;
  return new Map(rows.map(({ id, cost }) => [id, BigInt(cost)]));
}
