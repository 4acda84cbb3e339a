import { latencyPercentile } from "#lib/catalog/latency-buckets.ts";
import { previousInterval } from "#lib/contract/time-range.ts";
import { metricOf, type UsageMetric, type UsageTotals } from "#lib/contract/usage-metrics.ts";
import type { UsageRow, UsageTable } from "#lib/contract/usage-report.ts";
import type { UsageGroupId, UsageView } from "#lib/contract/usage-view.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { type Histogram, sumUsageByGroup, type UsageBreakdown } from "#lib/db/usage-totals.ts";
import { formatUsd } from "#lib/money.ts";
import type { Actor } from "./actor.ts";
import { bucketFor, rankOf } from "./usage-chart.ts";
import { logsOf } from "./usage-links.ts";
import { namesOf } from "./usage-names.ts";
import { alignInterval, groupingOf, selectUsage, type UsageRange } from "./usage-selection.ts";

export type TableQuery = UsageRange & Pick<UsageView, "metric" | "group" | "second" | "compare">;

/** More rows than anybody reads; the rest is counted in the totals and in `hidden`. */
const MAX_USAGE_ROWS = 200;

/** Sums per group, the largest first, with the totals of all groups, shown or not. */
export async function showUsageTable(
  actor: Actor,
  query: TableQuery,
  limit: number = MAX_USAGE_ROWS,
): Promise<UsageTable> {
  const db = getDb("console");
  const metric = metricOf(query.metric);
  const groups = query.second === null ? [query.group] : [query.group, query.second];
  const histograms: Histogram[] = metric.histogram === "ttft" ? ["latency", "ttft"] : ["latency"];
  const read = (interval: UsageRange["interval"], wanted: readonly Histogram[]) =>
    breakDown(db, actor, { ...query, interval, groups, metric, histograms: wanted, limit });
  const [now, before] = await Promise.all([
    read(query.interval, histograms),
    query.compare
      ? read(periodBefore(query.interval), metric.histogram === undefined ? [] : [metric.histogram])
      : undefined,
  ]);
  const rowOf = await rowMaker(db, { query, groups, metric, now, before });
  return {
    groups,
    rows: now.groups.map(({ values, totals }) => rowOf(values, totals)),
    totals: rowOf(null, now.totals),
    hidden: now.groupCount - now.groups.length,
  };
}

/** Both periods lie on quarters of an hour, so that none is counted in both. */
function periodBefore(interval: UsageRange["interval"]): UsageRange["interval"] {
  return previousInterval(alignInterval(interval));
}

async function breakDown(
  db: Db,
  actor: Actor,
  query: UsageRange & {
    groups: readonly UsageGroupId[];
    metric: UsageMetric;
    histograms: readonly Histogram[];
    limit: number;
  },
): Promise<UsageBreakdown> {
  const { isFine } = bucketFor({ rollup: "auto", interval: query.interval });
  const { source, interval } = await selectUsage(db, actor, { ...query, isFine });
  const [first, second] = query.groups.map(groupingOf);
  if (first === undefined) {
    throw new Error("A table has at least one group.");
  }
  return await sumUsageByGroup(db, {
    source,
    bounds: [new Date(interval.fromMs), new Date(interval.toMs)],
    histograms: query.histograms,
    by: second === undefined ? [first] : [first, second],
    rank: rankOf(query.metric),
    limit: query.limit,
  });
}

interface RowSource {
  query: TableQuery;
  groups: UsageGroupId[];
  metric: UsageMetric;
  now: UsageBreakdown;
  before: UsageBreakdown | undefined;
}

/** Writes one group's row; without values it is the row of everything. */
async function rowMaker(
  db: Db,
  { query, groups, metric, now, before }: RowSource,
): Promise<(values: readonly (string | null)[] | null, totals: UsageTotals) => UsageRow> {
  const names = await Promise.all(
    groups.map((group, at) => {
      const values = now.groups.map((row) => row.values[at] ?? null);
      return namesOf(db, group, values);
    }),
  );
  const earlier = new Map(before?.groups.map((row) => [JSON.stringify(row.values), row.totals]));
  return (values, totals) => {
    const past = values === null ? before?.totals : earlier.get(JSON.stringify(values));
    return {
      groups: (values ?? []).map((value, at) => ({ value, name: names[at]?.(value) ?? "" })),
      ...figuresOf(totals, now.totals),
      metric: metric.of(totals),
      before: pastOf(metric, { before, past }),
      logs: logsOf(query.filter, groups, values),
    };
  };
}

/** A group that is new had nothing before; where nothing was compared, nothing is known. */
function pastOf(
  metric: UsageMetric,
  { before, past }: { before: UsageBreakdown | undefined; past: UsageTotals | undefined },
): number | null {
  if (past !== undefined) {
    return metric.of(past);
  }
  const isAllKnown = before !== undefined && before.groups.length === before.groupCount;
  return isAllKnown && metric.kind === "additive" ? 0 : null;
}

function figuresOf(totals: UsageTotals, all: UsageTotals) {
  // Where something was answered without a price and nothing cost anything, no cost is known.
  const isKnown = totals.unpriced === 0 || totals.costNanos > 0n;
  const priced = isKnown ? totals.requests - totals.unpriced : 0;
  const share = Number(totals.costNanos) / Number(all.costNanos);
  return {
    requests: totals.requests,
    input_tokens: totals.inputTokens,
    cached_tokens: totals.cachedTokens,
    output_tokens: totals.outputTokens,
    reasoning_tokens: totals.reasoningTokens,
    unpriced_requests: totals.unpriced,
    spend_usd: formatUsd(totals.costNanos),
    spend_share: all.costNanos === 0n ? null : share,
    cost_per_request_usd: priced <= 0 ? null : formatUsd(totals.costNanos / BigInt(priced)),
    error_rate: totals.requests === 0 ? null : totals.failed / totals.requests,
    latency_p95_ms: latencyPercentile(totals.latencyBuckets, 0.95),
  };
}
