import type { LogFilter } from "#lib/contract/log-filter.ts";
import { HISTOGRAM_SERIES } from "#lib/contract/log-histogram.ts";
import {
  type MonthSpend,
  OVERVIEW_TILES,
  type OverviewTile,
  type OverviewTraffic,
} from "#lib/contract/overview.ts";
import { type Interval, previousInterval } from "#lib/contract/time-range.ts";
import { addUnits, startOfUnit } from "#lib/contract/time-zone.ts";
import { addTotals, metricOf, type UsageMetricId } from "#lib/contract/usage-metrics.ts";
import type { UsageSeries } from "#lib/contract/usage-report.ts";
import { getDb } from "#lib/db/client.ts";
import {
  type Histogram,
  sumUsageOverTime,
  sumUsageTotals,
  type UsagePoint,
} from "#lib/db/usage-totals.ts";
import { formatUsd } from "#lib/money.ts";
import type { Actor } from "./actor.ts";
import { bucketFor, bucketView, spansOf } from "./usage-chart.ts";
import { alignInterval, selectUsage, type UsageRange } from "./usage-selection.ts";

const SPARKS = 24;
const QUARTER_MS = 15 * 60_000;
const BOTH: readonly Histogram[] = ["latency", "ttft"];

/** The figures of a range beside those of the time just before, and 24 points in between. */
export async function showOverviewTiles(actor: Actor, range: UsageRange): Promise<OverviewTile[]> {
  const db = getDb("console");
  const { isFine } = bucketFor({ rollup: "auto", interval: range.interval });
  const { source, interval } = await selectUsage(db, actor, { ...range, groups: [], isFine });
  const sparks = sparkBounds(interval, isFine);
  const bounds = [previousInterval(interval).fromMs, ...sparks].map((ms) => new Date(ms));
  const points = await sumUsageOverTime(db, { source, bounds, histograms: BOTH });
  const before = addTotals(points.filter(({ bucket }) => bucket === 0).map(totalsOf));
  const own = points.filter(({ bucket }) => bucket > 0);
  const now = addTotals(own.map(totalsOf));
  const byBucket = new Map(own.map((point) => [point.bucket - 1, point.totals]));
  return OVERVIEW_TILES.map(({ metric: id, isBetter }) => {
    const metric = metricOf(id);
    return {
      metric: id,
      label: metric.label,
      unit: metric.unit,
      value: metric.of(now),
      before: metric.of(before),
      isBetter,
      spark: sparks.slice(1).map((_, at) => metric.of(byBucket.get(at) ?? addTotals([]))),
    };
  });
}

const totalsOf = ({ totals }: UsagePoint) => totals;

/** 25 instants that cut a range into 24; on quarters of an hour where sums are read. */
function sparkBounds({ fromMs, toMs }: Interval, isFine: boolean): number[] {
  const step = (toMs - fromMs) / SPARKS;
  const unit = isFine ? 1 : QUARTER_MS;
  const bounds = Array.from(
    { length: SPARKS },
    (_, at) => Math.floor((fromMs + at * step) / unit) * unit,
  );
  return [...new Set([...bounds, toMs])];
}

/** How requests ended and how long they took, over the buckets that suit the range. */
export async function showOverviewTraffic(
  actor: Actor,
  query: UsageRange & { zone: string; nowMs: number },
): Promise<OverviewTraffic> {
  const db = getDb("console");
  const { bucket, isFine } = bucketFor({ rollup: "auto", interval: query.interval });
  const { source, interval } = await selectUsage(db, actor, { ...query, groups: [], isFine });
  const spans = spansOf(interval, bucket, query);
  const bounds = [...spans.map(({ fromMs }) => new Date(fromMs)), new Date(interval.toMs)];
  const outcomes = HISTOGRAM_SERIES.flatMap((series) => [...series.outcomes]);
  const split = { group: "outcome" as const, keep: outcomes };
  // Histograms are dear to add up: once per bucket, and not once per outcome as well.
  const [byOutcome, all] = await Promise.all([
    sumUsageOverTime(db, { source, bounds, histograms: [], split }),
    sumUsageOverTime(db, { source, bounds, histograms: BOTH }),
  ]);
  const count = spans.length;
  return {
    buckets: spans.map((span) => bucketView(span, query)),
    outcomes: HISTOGRAM_SERIES.map(({ id, label, outcomes: own, tone }) => {
      const points = byOutcome.filter(({ group }) => own.some((outcome) => outcome === group));
      return { ...seriesOf(points, { id, name: label, metric: "requests", count }), tone };
    }),
    latencies: LATENCIES.map(({ id, name }) => seriesOf(all, { id, name, metric: id, count })),
    requests: addTotals(all.map(totalsOf)).requests,
    zone: bucket === "1d" || bucket === "1w" ? query.zone : null,
  };
}

const LATENCIES = [
  { id: "latency_p50", name: "p50" },
  { id: "latency_p95", name: "p95" },
  { id: "ttft_p95", name: "First token p95" },
] as const satisfies readonly { id: UsageMetricId; name: string }[];

function seriesOf(
  points: readonly UsagePoint[],
  series: { id: string; name: string; metric: UsageMetricId; count: number },
): UsageSeries {
  const { id, name, count } = series;
  const metric = metricOf(series.metric);
  const byBucket = Map.groupBy(points, ({ bucket }) => bucket);
  const values = Array.from({ length: count }, (_, at) =>
    metric.of(addTotals((byBucket.get(at) ?? []).map(totalsOf))),
  );
  return { id, name, isOther: false, values };
}

/** Before this share of a month has passed, its pace says little about its end. */
const LEAST_ELAPSED = 0.03;

/** Spend of the month so far, and at its end if it goes on like this. */
export async function showMonthSpend(
  actor: Actor,
  query: { filter: LogFilter; zone: string; nowMs: number },
): Promise<MonthSpend> {
  const { filter, zone, nowMs } = query;
  const startMs = startOfUnit(nowMs, "month", zone);
  const endMs = addUnits(nowMs, { unit: "month", zone, count: 1 });
  const month = alignInterval({ fromMs: startMs, toMs: nowMs + 1 });
  const db = getDb("console");
  const range = { filter, interval: month, groups: [], isFine: false };
  const { source, interval } = await selectUsage(db, actor, range);
  const bounds = [new Date(interval.fromMs), new Date(interval.toMs)];
  const { costNanos } = await sumUsageTotals(db, { source, bounds, histograms: [] });
  const elapsed = (nowMs - startMs) / (endMs - startMs);
  const perMillion = BigInt(Math.round(elapsed * 1_000_000));
  return {
    spent_usd: formatUsd(costNanos),
    projected_usd:
      elapsed < LEAST_ELAPSED ? null : formatUsd((costNanos * 1_000_000n) / perMillion),
  };
}
