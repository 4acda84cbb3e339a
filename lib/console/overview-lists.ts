import type { RecentError, SpenderGroup } from "#lib/contract/overview.ts";
import type { UsageTable } from "#lib/contract/usage-report.ts";
import { getDb } from "#lib/db/client.ts";
import { listRecentErrors } from "#lib/db/recent-errors.ts";
import type { Actor } from "./actor.ts";
import { whereOfFilter } from "./log-where.ts";
import type { UsageRange } from "./usage-selection.ts";
import { showUsageTable } from "./usage-table.ts";

const SHOWN = 6;

/** Who spent most in a range, with what they spent before. */
export async function showTopSpenders(
  actor: Actor,
  query: UsageRange & { by: SpenderGroup },
): Promise<UsageTable> {
  const { filter, interval, by } = query;
  const view = { metric: "spend", group: by, second: null, compare: true } as const;
  return await showUsageTable(actor, { filter, interval, ...view }, SHOWN);
}

/** The latest requests that failed. */
export async function showRecentErrors(
  actor: Actor,
  { filter, interval }: UsageRange,
): Promise<RecentError[]> {
  const db = getDb("console");
  const from = new Date(interval.fromMs);
  const to = new Date(interval.toMs);
  const where = await whereOfFilter(db, actor, { filter, from, to });
  const rows = await listRecentErrors(db, { where, limit: SHOWN });
  return rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt.toISOString(),
    model: row.model ?? row.modelAsked,
    outcome: row.outcome,
    status: row.status,
    error_code: row.errorCode,
    error_message: row.errorMessage,
  }));
}
