import { and, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import { requestLogs as logs } from "#drizzle/schema/request-logs.ts";
import { FAILED_OUTCOMES } from "#lib/catalog/outcomes.ts";
import type { GroupPage, UsageFilter, UsageSums } from "./analytics.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** Spend by tag, which the sums do not know: it is read from the log rows themselves. */
const failed = sql.join(
  FAILED_OUTCOMES.map((outcome) => sql`${outcome}`),
  sql`, `,
);

const total = (term: SQL | unknown) => sql`coalesce(sum(${term}), 0)`;

const SUMS = {
  requests: sql`count(*)`.mapWith(Number),
  failedRequests: sql`count(*) filter (where ${logs.outcome} in (${failed}))`.mapWith(Number),
  unpricedRequests: sql`count(*) filter (where ${logs.priceState} = 'unpriced')`.mapWith(Number),
  inputTokens: total(
    sql`${logs.inputTokens} + ${logs.cacheReadTokens} + ${logs.cacheWrite5mTokens} + ${logs.cacheWrite1hTokens} + ${logs.audioInTokens}`,
  ).mapWith(Number),
  cachedTokens: total(logs.cacheReadTokens).mapWith(Number),
  outputTokens: total(sql`${logs.outputTokens} + ${logs.audioOutTokens}`).mapWith(Number),
  costNanos: total(logs.costNanos).mapWith(BigInt),
};

function whereOf(filter: UsageFilter): SQL | undefined {
  const { start, end, keyId, userId, teamId, model, provider } = filter;
  return and(
    withinScope(filter.scope, logs),
    gte(logs.createdAt, start),
    lt(logs.createdAt, end),
    keyId === undefined ? undefined : eq(logs.keyId, keyId),
    userId === undefined ? undefined : eq(logs.userId, userId),
    teamId === undefined ? undefined : eq(logs.teamId, teamId),
    model === undefined ? undefined : sql`${model} in (${logs.model}, ${logs.modelAsked})`,
    provider === undefined ? undefined : eq(logs.provider, provider),
    // The rows without tags are most of them, and a partial index leaves them out.
    sql`${logs.tags} <> '{}'::jsonb`,
  );
}

/**
 * Sums per `name=value`, the dearest first. A request with two tags counts under both, so that the
 * groups may add up to more than was spent.
 */
export async function sumUsageByTag(
  db: Db,
  params: { filter: UsageFilter; page: GroupPage },
): Promise<{ rows: (UsageSums & { group: string | null })[]; total: number }> {
  const rows = await db
    .select({
      group: sql<string>`tag.key || '=' || tag.value`.as("group_value"),
      ...SUMS,
      total: sql`count(*) over ()`.mapWith(Number),
    })
    .from(logs)
    .innerJoin(sql`jsonb_each_text(${logs.tags}) as tag`, sql`true`)
    .where(whereOf(params.filter))
    .groupBy(sql`group_value`)
    .orderBy(sql`sum(${logs.costNanos}) desc, count(*) desc, group_value`)
    .limit(params.page.limit)
    .offset(params.page.offset);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}
