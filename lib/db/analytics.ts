import { and, eq, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { NO_ID } from "#drizzle/schema/columns.ts";
import { usageRollup15m as rollup } from "#drizzle/schema/usage-rollup-15m.ts";
import { LATENCY_CLASSES } from "#lib/catalog/latency-buckets.ts";
import { FAILED_OUTCOMES } from "#lib/catalog/outcomes.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** A range of time `[start, end)` on quarters of an hour, and what requests have to match. */
export interface UsageFilter {
  scope: Scope;
  start: Date;
  end: Date;
  keyId?: string | undefined;
  userId?: string | undefined;
  teamId?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
}

export interface UsageSums {
  requests: number;
  failedRequests: number;
  unpricedRequests: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  costNanos: bigint;
}

const total = (term: SQL | unknown) => sql`coalesce(sum(${term}), 0)`;

const SUMS = {
  requests: total(rollup.requests).mapWith(Number),
  failedRequests:
    sql`coalesce(sum(${rollup.requests}) filter (where ${inArray(rollup.outcome, [...FAILED_OUTCOMES])}), 0)`.mapWith(
      Number,
    ),
  unpricedRequests: total(rollup.unpricedRequests).mapWith(Number),
  inputTokens: total(
    sql`${rollup.inputTokens} + ${rollup.cacheReadTokens} + ${rollup.cacheWrite5mTokens} + ${rollup.cacheWrite1hTokens} + ${rollup.audioInTokens}`,
  ).mapWith(Number),
  cachedTokens: total(rollup.cacheReadTokens).mapWith(Number),
  outputTokens: total(sql`${rollup.outputTokens} + ${rollup.audioOutTokens}`).mapWith(Number),
  costNanos: total(rollup.costNanos).mapWith(BigInt),
};

/** The model that answered; the one asked for when none did. */
const MODEL = sql<string>`coalesce(nullif(${rollup.model}, ''), ${rollup.modelAsked})`;

function whereOf(filter: UsageFilter): SQL | undefined {
  const { start, end, keyId, userId, teamId, model, provider } = filter;
  return and(
    withinScope(filter.scope, rollup),
    gte(rollup.bucketStart, start),
    lt(rollup.bucketStart, end),
    keyId === undefined ? undefined : eq(rollup.keyId, keyId),
    userId === undefined ? undefined : eq(rollup.userId, userId),
    teamId === undefined ? undefined : eq(rollup.teamId, teamId),
    model === undefined ? undefined : or(eq(rollup.model, model), eq(rollup.modelAsked, model)),
    provider === undefined ? undefined : eq(rollup.provider, provider),
  );
}

/** What spend may be broken down by in the sums; the value that stands for "none" is a null. */
const GROUPS = {
  model: MODEL,
  provider: sql<string | null>`nullif(${rollup.provider}, '')`,
  key: sql<string>`${rollup.keyId}::text`,
  user: sql<string>`${rollup.userId}::text`,
  team: sql<string | null>`nullif(${rollup.teamId}::text, ${NO_ID})`,
} as const;

export type RollupGroup = keyof typeof GROUPS;

export async function sumUsage(db: Db, filter: UsageFilter): Promise<UsageSums> {
  const [row] = await db.select(SUMS).from(rollup).where(whereOf(filter));
  if (row === undefined) {
    throw new Error("A sum without groups returned no row.");
  }
  return row;
}

export interface GroupPage {
  limit: number;
  offset: number;
}

/** Sums per group, the dearest first, and how many groups there are. */
export async function sumUsageBy(
  db: Db,
  params: { group: RollupGroup; filter: UsageFilter; page: GroupPage },
): Promise<{ rows: (UsageSums & { group: string | null })[]; total: number }> {
  const group = GROUPS[params.group];
  const rows = await db
    .select({
      group: sql<string | null>`${group}`.as("group_value"),
      ...SUMS,
      total: sql`count(*) over ()`.mapWith(Number),
    })
    .from(rollup)
    .where(whereOf(params.filter))
    .groupBy(sql`group_value`)
    .orderBy(sql`sum(${rollup.costNanos}) desc, sum(${rollup.requests}) desc, group_value`)
    .limit(params.page.limit)
    .offset(params.page.offset);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}

export interface UsagePoint extends UsageSums {
  start: Date;
  /** Requests per class of `catalog/latency-buckets.ts`. */
  latencyBuckets: number[];
}

/**
 * One sum per class, as text: the classes are columns of one row, which is several times cheaper
 * than unfolding every array into rows.
 */
const LATENCY_SUMS = sql<string>`concat_ws(',', ${sql.join(
  Array.from(
    { length: LATENCY_CLASSES },
    (_, index) => sql`coalesce(sum(${rollup.latencyBuckets}[${sql.raw(String(index + 1))}]), 0)`,
  ),
  sql`, `,
)})`;

/** Sums per interval of `intervalMs`, oldest first; intervals without requests are left out. */
export async function sumUsageOverTime(
  db: Db,
  params: { filter: UsageFilter; intervalMs: number },
): Promise<UsagePoint[]> {
  const seconds = params.intervalMs / 1000;
  const start = sql<string>`floor(extract(epoch from ${rollup.bucketStart}) / ${seconds}) * ${seconds}`;
  const rows = await db
    .select({
      startSeconds: start.mapWith(Number).as("start_seconds"),
      ...SUMS,
      latency: LATENCY_SUMS,
    })
    .from(rollup)
    .where(whereOf(params.filter))
    .groupBy(sql`start_seconds`)
    .orderBy(sql`start_seconds`);
  return rows.map(({ startSeconds, latency, ...sums }) => ({
    ...sums,
    start: new Date(startSeconds * 1000),
    latencyBuckets: latency.split(",").map(Number),
  }));
}
