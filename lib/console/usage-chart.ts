import { autoBucket, type Bucket, bucketsOf, needsRawRows } from "#lib/contract/time-buckets.ts";
import type { Interval } from "#lib/contract/time-range.ts";
import {
  metricOf,
  NO_TOTALS,
  type UsageMetric,
  type UsageTotals,
} from "#lib/contract/usage-metrics.ts";
import type { UsageBucket, UsageChart, UsageSeries } from "#lib/contract/usage-report.ts";
import type { UsageGroupId, UsageRollup, UsageView } from "#lib/contract/usage-view.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  sumUsageByGroup,
  sumUsageOverTime,
  type UsagePoint,
  type UsageRank,
} from "#lib/db/usage-totals.ts";
import type { Actor } from "./actor.ts";
import { namesOf } from "./usage-names.ts";
import { groupingOf, selectUsage, type UsageRange } from "./usage-selection.ts";

export type ChartQuery = UsageRange &
  Pick<UsageView, "metric" | "group" | "rollup" | "top"> & {
    /** The zone whose days, weeks and months the buckets are. */
    zone: string;
    nowMs: number;
  };

/**
 * A metric over time: the largest groups each by itself and the rest as one, so that the parts of a
 * bucket are all of it. Ratios and percentiles are made from sums, for the rest as well.
 */
export async function showUsageChart(actor: Actor, query: ChartQuery): Promise<UsageChart> {
  const db = getDb("console");
  const metric = metricOf(query.metric);
  const { bucket, isFine } = bucketFor(query);
  const groups: UsageGroupId[] = [query.group];
  const { source, interval } = await selectUsage(db, actor, { ...query, groups, isFine });
  const spans = spansOf(interval, bucket, query);
  const histograms = metric.histogram === undefined ? [] : [metric.histogram];
  const group = groupingOf(query.group);
  const ends = [new Date(interval.fromMs), new Date(interval.toMs)];
  const top = await sumUsageByGroup(db, {
    source,
    bounds: ends,
    histograms,
    by: [group],
    rank: rankOf(metric),
    limit: query.top,
  });
  const keep = top.groups.map(({ values }) => values[0] ?? null);
  const bounds = [...spans.map(({ fromMs }) => new Date(fromMs)), new Date(interval.toMs)];
  const split = { group, keep };
  const points = await sumUsageOverTime(db, { source, bounds, histograms, split });
  return {
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    kind: metric.kind,
    buckets: spans.map((span) => bucketView(span, query)),
    series: await seriesOf(db, { query, metric, keep, points, count: spans.length }),
    total: metric.of(top.totals),
    groupCount: top.groupCount,
    zone: isCalendar(bucket) ? query.zone : null,
    isEmpty: top.totals.requests === 0,
  };
}

/** The bucket of a range, and whether the range is cut more finely than the sums are. */
export function bucketFor({ rollup, interval }: { rollup: UsageRollup; interval: Interval }): {
  bucket: Bucket | "none";
  isFine: boolean;
} {
  const bucket = rollup === "auto" ? autoBucket(interval) : rollup;
  return { bucket, isFine: bucket !== "none" && needsRawRows(bucket) };
}

const isCalendar = (bucket: Bucket | "none"): boolean =>
  bucket === "1d" || bucket === "1w" || bucket === "1mo";

/** Buckets that end where the range does: what is drawn is what was asked for, and no more. */
export function spansOf(
  interval: Interval,
  bucket: Bucket | "none",
  { zone }: { zone: string },
): Interval[] {
  const { fromMs, toMs } = interval;
  const whole = bucket === "none" ? [interval] : bucketsOf(interval, bucket, zone);
  return whole.map((span) => ({
    fromMs: Math.max(span.fromMs, fromMs),
    toMs: Math.min(span.toMs, toMs),
  }));
}

export function bucketView({ fromMs, toMs }: Interval, { nowMs }: { nowMs: number }): UsageBucket {
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    isFilling: toMs > nowMs,
  };
}

const RANKS: Readonly<Partial<Record<UsageMetric["id"], UsageRank>>> = {
  spend: "cost_nanos",
  saved: "saved_nanos",
  input_tokens: "input_tokens",
  output_tokens: "output_tokens",
  cached_tokens: "cached_tokens",
  reasoning_tokens: "reasoning_tokens",
};

/** Groups are ranked by what adds up; where nothing does, by how many requests they had. */
export function rankOf(metric: UsageMetric): UsageRank {
  return RANKS[metric.id] ?? "requests";
}

async function seriesOf(
  db: Db,
  from: {
    query: ChartQuery;
    metric: UsageMetric;
    keep: readonly (string | null)[];
    points: readonly UsagePoint[];
    count: number;
  },
): Promise<UsageSeries[]> {
  const { query, metric, keep, points, count } = from;
  const nameOf = await namesOf(db, query.group, keep);
  const valuesOf = (own: readonly UsagePoint[]): (number | null)[] => {
    const byBucket = new Map(own.map((point) => [point.bucket, point.totals]));
    return Array.from({ length: count }, (_, at) => measure(metric, byBucket.get(at)));
  };
  const named = keep.map((value) => ({
    id: value ?? "none",
    name: nameOf(value),
    isOther: false,
    values: valuesOf(points.filter(({ isOther, group }) => !isOther && group === value)),
  }));
  const others = points.filter(({ isOther }) => isOther);
  return others.length === 0
    ? named
    : [...named, { id: "other", name: "Other", isOther: true, values: valuesOf(others) }];
}

/** Nothing happened is zero for what adds up; a ratio of nothing is nothing. */
function measure(metric: UsageMetric, totals: UsageTotals = NO_TOTALS): number | null {
  return metric.of(totals);
}
