import { type SQL, sql } from "drizzle-orm";
import { NO_ID } from "#drizzle/schema/columns.ts";
import { FAILED_OUTCOMES } from "#lib/catalog/outcomes.ts";
import type { UsageTotals } from "#lib/contract/usage-metrics.ts";
import type { Db } from "./client.ts";
import { histogramOf, type UsageSource, usageFrom } from "./usage-source.ts";

/** What usage may be told apart by in the sums. A tag's values are known to the rows alone. */
const GROUPS = {
  model: sql`nullif(model, '')`,
  asked: sql`nullif(asked, '')`,
  dep: sql`nullif(deployment_id, ${NO_ID}::uuid)::text`,
  provider: sql`nullif(provider, '')`,
  team: sql`nullif(team_id, ${NO_ID}::uuid)::text`,
  key: sql`key_id::text`,
  user: sql`user_id::text`,
  outcome: sql`outcome`,
} as const satisfies Record<string, SQL>;

export type UsageDimension = keyof typeof GROUPS;
export type UsageGrouping = UsageDimension | { tag: string };

export type Histogram = "latency" | "ttft";

/** What is read: between which bounds, from where, and with which histograms. */
export interface UsageSelection {
  source: UsageSource;
  /** Ascending; bucket `i` is `[bounds[i], bounds[i + 1])`. */
  bounds: readonly Date[];
  histograms: readonly Histogram[];
}

interface SumsRow extends Record<string, unknown> {
  requests: string;
  failed: string;
  cached: string;
  unpriced: string;
  input_tokens: string;
  cached_tokens: string;
  output_tokens: string;
  reasoning_tokens: string;
  cost_nanos: string;
  saved_nanos: string;
  latency_ms: number;
  latency: string;
  ttft: string;
}

const FAILED = sql.join(
  FAILED_OUTCOMES.map((outcome) => sql`${outcome}`),
  sql`, `,
);

function sumsOf({ source, histograms }: UsageSelection): SQL {
  const histogram = (name: Histogram) =>
    histograms.includes(name) ? histogramOf(source, name) : sql`''`;
  return sql`
    coalesce(sum(requests), 0)::text as requests,
    coalesce(sum(requests) filter (where outcome in (${FAILED})), 0)::text as failed,
    coalesce(sum(requests) filter (where outcome = 'cached'), 0)::text as cached,
    coalesce(sum(unpriced), 0)::text as unpriced,
    coalesce(sum(input_tokens), 0)::text as input_tokens,
    coalesce(sum(cached_tokens), 0)::text as cached_tokens,
    coalesce(sum(output_tokens), 0)::text as output_tokens,
    coalesce(sum(reasoning_tokens), 0)::text as reasoning_tokens,
    coalesce(sum(cost_nanos), 0)::text as cost_nanos,
    coalesce(sum(saved_nanos), 0)::text as saved_nanos,
    coalesce(sum(latency_ms), 0)::float8 as latency_ms,
    ${histogram("latency")} as latency,
    ${histogram("ttft")} as ttft`;
}

function totalsOf(row: SumsRow): UsageTotals {
  return {
    requests: Number(row.requests),
    failed: Number(row.failed),
    cached: Number(row.cached),
    unpriced: Number(row.unpriced),
    inputTokens: Number(row.input_tokens),
    cachedTokens: Number(row.cached_tokens),
    outputTokens: Number(row.output_tokens),
    reasoningTokens: Number(row.reasoning_tokens),
    costNanos: BigInt(row.cost_nanos),
    savedNanos: BigInt(row.saved_nanos),
    latencyMsSum: row.latency_ms,
    latencyBuckets: row.latency === "" ? [] : row.latency.split(",").map(Number),
    ttftBuckets: row.ttft === "" ? [] : row.ttft.split(",").map(Number),
  };
}

function groupOf(group: UsageGrouping): SQL {
  return typeof group === "string" ? GROUPS[group] : sql`tags ->> ${group.tag}`;
}

export interface UsagePoint {
  /** Place of the bucket: 0 for `[bounds[0], bounds[1])`. */
  bucket: number;
  /** `null` for requests that have none. */
  group: string | null;
  /** Of a group that is not among those to keep. */
  isOther: boolean;
  totals: UsageTotals;
}

/**
 * Sums per bucket, and per group where one is given: groups that are not to be kept are one, so
 * that the parts of a bucket are all of it. Buckets without requests are left out.
 */
export async function sumUsageOverTime(
  db: Db,
  selection: UsageSelection & {
    split?: { group: UsageGrouping; keep: readonly (string | null)[] };
  },
): Promise<UsagePoint[]> {
  const { source, bounds, split } = selection;
  const value = split === undefined ? sql`null::text` : groupOf(split.group);
  const isOther = split === undefined ? sql`false` : not(keptBy(value, split.keep));
  const rows = await db.execute<
    SumsRow & { bucket: number; name: string | null; is_other: boolean }
  >(sql`
    select bucket, name, is_other, ${sumsOf(selection)}
    from (
      select *, case when is_other then null else value end as name
      from (
        select usage.*, ${value} as value, ${isOther} as is_other,
          width_bucket(at, ${boundsText(bounds)}::timestamptz[]) - 1 as bucket
        from ${usageFrom(source, bounds)}
      ) as valued
    ) as named
    group by 1, 2, 3 order by 1`);
  return [...rows].map((row) => ({
    bucket: row.bucket,
    group: row.name,
    isOther: row.is_other,
    totals: totalsOf(row),
  }));
}

function not(condition: SQL): SQL {
  return sql`(${condition}) is not true`;
}

function keptBy(value: SQL, keep: readonly (string | null)[]): SQL {
  const names = keep.filter((name) => name !== null);
  const isNamed =
    names.length === 0
      ? sql`false`
      : sql`${value} in (${sql.join(
          names.map((name) => sql`${name}`),
          sql`, `,
        )})`;
  return keep.includes(null) ? sql`${value} is null or ${isNamed}` : isNamed;
}

function boundsText(bounds: readonly Date[]): string {
  return `{${bounds.map((bound) => `"${bound.toISOString()}"`).join(",")}}`;
}

export interface UsageGroup {
  /** Values of the groups asked for, in their order. */
  values: (string | null)[];
  totals: UsageTotals;
}

export interface UsageBreakdown {
  /** The largest, up to the limit. */
  groups: UsageGroup[];
  /** Of all groups, shown or not. */
  totals: UsageTotals;
  groupCount: number;
}

/** What groups are ranked by; ties by requests, then by name. */
export type UsageRank =
  | "cost_nanos"
  | "saved_nanos"
  | "requests"
  | "input_tokens"
  | "output_tokens"
  | "cached_tokens"
  | "reasoning_tokens";

/** Sums of the whole time per group, or per pair of groups, and of everything, in one reading. */
export async function sumUsageByGroup(
  db: Db,
  selection: UsageSelection & {
    by: readonly [UsageGrouping] | readonly [UsageGrouping, UsageGrouping];
    rank: UsageRank;
    limit: number;
  },
): Promise<UsageBreakdown> {
  const { source, bounds, by, rank, limit } = selection;
  const [first, second] = by;
  const rows = await db.execute<
    SumsRow & { first: string | null; second: string | null; is_total: boolean; groups: number }
  >(sql`
    select *, (count(*) over () - 1)::int as groups
    from (
      select first, second, grouping(first) = 1 as is_total, ${sumsOf(selection)}
      from (
        select usage.*, ${groupOf(first)} as first,
          ${second === undefined ? sql`null::text` : groupOf(second)} as second
        from ${usageFrom(source, bounds)}
      ) as valued
      group by grouping sets ((), (first, second))
    ) as summed
    order by is_total desc, ${sql.raw(rank)}::numeric desc, requests::numeric desc, first, second
    limit ${limit + 1}`);
  const [total, ...groups] = [...rows];
  if (total === undefined) {
    throw new Error("Sums of everything are always there.");
  }
  return {
    groups: groups.map((row) => ({
      values: second === undefined ? [row.first] : [row.first, row.second],
      totals: totalsOf(row),
    })),
    totals: totalsOf(total),
    groupCount: total.groups,
  };
}

/** Sums of the whole time. */
export async function sumUsageTotals(db: Db, selection: UsageSelection): Promise<UsageTotals> {
  const { source, bounds } = selection;
  const [row] = await db.execute<SumsRow>(
    sql`select ${sumsOf(selection)} from ${usageFrom(source, bounds)}`,
  );
  if (row === undefined) {
    throw new Error("A sum without groups returned no row.");
  }
  return totalsOf(row);
}
