import type { SpendGroup, SpendQuery, SpendReport } from "#lib/contract/analytics.ts";
import {
  type GroupPage,
  sumUsage,
  sumUsageBy,
  type UsageFilter,
  type UsageSums,
} from "#lib/db/analytics.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { listSubjectNames } from "#lib/db/subject-names.ts";
import { sumUsageByTag } from "#lib/db/tag-spend.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { rangeOf } from "./usage-range.ts";

/** What was spent in a range of time, in all and by group, the dearest first. */
export async function reportSpend(actor: Actor, query: SpendQuery): Promise<SpendReport> {
  const db = getDb("console");
  const { start, end } = rangeOf(query);
  const filter = filterOf(actor, query, { start, end });
  const page = { limit: query.limit, offset: query.offset };
  const totals = await sumUsage(db, filter);
  const groups = await groupsOf(db, { group: query.group_by, filter, page });
  const nameOf = await namesOf(
    db,
    query.group_by,
    groups.rows.map((row) => row.group),
  );
  return {
    start: start.toISOString(),
    end: end.toISOString(),
    group_by: query.group_by,
    totals: sumsOf(totals),
    breakdown: groups.rows.map((row) => ({
      group: row.group,
      name: nameOf(row.group),
      ...sumsOf(row),
    })),
    total: groups.total,
  };
}

/** The filters that spend and usage share, within the reach of the actor. */
export function filterOf(
  actor: Actor,
  query: Omit<SpendQuery, "group_by" | "limit" | "offset">,
  range: { start: Date; end: Date },
): UsageFilter {
  return {
    scope: scopeOf(actor, "usage.read"),
    ...range,
    keyId: query.key_id,
    userId: query.user_id,
    teamId: query.team_id,
    model: query.model,
    provider: query.provider,
  };
}

async function groupsOf(
  db: Db,
  params: { group: SpendGroup; filter: UsageFilter; page: GroupPage },
): Promise<{ rows: (UsageSums & { group: string | null })[]; total: number }> {
  const { group, filter, page } = params;
  return group === "tag"
    ? await sumUsageByTag(db, { filter, page })
    : await sumUsageBy(db, { group, filter, page });
}

/** Ids get the name that people know; models, providers and tags are their own. */
async function namesOf(
  db: Db,
  group: SpendGroup,
  values: readonly (string | null)[],
): Promise<(value: string | null) => string | null> {
  if (group === "model" || group === "provider" || group === "tag") {
    return (value) => value;
  }
  const ids = values.filter((value) => value !== null);
  const names = await listSubjectNames(db, { subject: group, ids });
  return (value) => (value === null ? null : (names.get(value) ?? null));
}

/** Sums as reports show them. */
export function sumsOf(sums: UsageSums): SpendReport["totals"] {
  return {
    requests: sums.requests,
    failed_requests: sums.failedRequests,
    unpriced_requests: sums.unpricedRequests,
    input_tokens: sums.inputTokens,
    cached_tokens: sums.cachedTokens,
    output_tokens: sums.outputTokens,
    spend_usd: formatUsd(sums.costNanos),
  };
}
