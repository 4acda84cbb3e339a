import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

/** What somebody has done in this install already. */
export async function readFirstSteps(
  db: Db,
): Promise<{ hasKey: boolean; hasRequest: boolean; hasBudget: boolean; hasColleague: boolean }> {
  const [row] = await db.execute<{
    has_key: boolean;
    has_request: boolean;
    has_budget: boolean;
    has_colleague: boolean;
  }>(sql`
    select
      exists (select 1 from api_keys where kind = 'app') as has_key,
      exists (select 1 from request_logs) as has_request,
      exists (select 1 from budgets where limit_nanos is not null) as has_budget,
      exists (select 1 from users offset 1) or exists (select 1 from invites) as has_colleague`);
  return {
    hasKey: row?.has_key === true,
    hasRequest: row?.has_request === true,
    hasBudget: row?.has_budget === true,
    hasColleague: row?.has_colleague === true,
  };
}
