import { RESULT_WORDS } from "#lib/catalog/guardrail-words.ts";
import {
  labelOfOutcome,
  OUTCOME_LABELS,
  OUTCOMES,
  type OutcomeLabelId,
} from "#lib/catalog/outcomes.ts";
import { GUARDRAIL_RESULTS } from "#lib/contract/guardrail-verdict.ts";
import { histogramBounds } from "#lib/contract/log-buckets.ts";
import type { LogFacetCounts, LogFacetName } from "#lib/contract/log-facets.ts";
import type { LogFilter } from "#lib/contract/log-filter.ts";
import {
  HISTOGRAM_SERIES,
  type HistogramSeriesId,
  type LogHistogram,
  type LogHistogramBucket,
} from "#lib/contract/log-histogram.ts";
import type { Outcome } from "#lib/contract/record.ts";
import { getDb } from "#lib/db/client.ts";
import { countLogsByRule } from "#lib/db/guardrail-stats.ts";
import { listLogNames } from "#lib/db/log-names.ts";
import { canSumFacet, sumLogsBy } from "#lib/db/log-rollup-facets.ts";
import { type BucketCount, countLogsBy, countLogsOverTime } from "#lib/db/log-stats.ts";
import type { Actor } from "./actor.ts";
import { whereOfFilter } from "./log-where.ts";

/** Which requests are counted. */
export interface LogRange {
  filter: LogFilter;
  from: Date;
  to: Date;
}

/** Requests over time by how they ended. Each bar is counted between the bounds that it tells. */
export async function showLogHistogram(
  actor: Actor,
  range: LogRange & { zone: string },
): Promise<LogHistogram> {
  const db = getDb("console");
  const bounds = histogramBounds({
    fromMs: range.from.getTime(),
    toMs: range.to.getTime(),
    zone: range.zone,
  }).map((ms) => new Date(ms));
  const counts = await countLogsOverTime(db, {
    where: await whereOfFilter(db, actor, range),
    bounds,
  });
  const buckets = bounds.slice(0, -1).map((start, at) =>
    bucketOf(
      { start, end: bounds[at + 1] ?? range.to },
      counts.filter((row) => row.bucket === at),
    ),
  );
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    buckets,
    total: buckets.reduce((sum, bucket) => sum + bucket.total, 0),
  };
}

function bucketOf(
  bounds: { start: Date; end: Date },
  rows: readonly BucketCount[],
): LogHistogramBucket {
  const counts = emptyCounts();
  for (const row of rows) {
    counts[seriesOf(row.outcome)] += row.requests;
  }
  return {
    start: bounds.start.toISOString(),
    end: bounds.end.toISOString(),
    counts,
    total: rows.reduce((sum, row) => sum + row.requests, 0),
  };
}

function emptyCounts(): Record<HistogramSeriesId, number> {
  return { success: 0, cached: 0, cancelled: 0, client_error: 0, limited: 0, failed: 0 };
}

function seriesOf(outcome: Outcome): HistogramSeriesId {
  const series = HISTOGRAM_SERIES.find(({ outcomes }) =>
    (outcomes as readonly Outcome[]).includes(outcome),
  );
  return series?.id ?? "failed";
}

/** So many values of a property are offered. */
const MAX_VALUES = 25;

/** Beyond this the hourly sums are asked, which know the commonest properties. */
const LONG_MS = 8 * 86_400_000;

/**
 * How many requests have each value of some properties. A property's own filter is left out of its
 * count, so that the values beside the chosen ones show what choosing them would add.
 */
export async function showLogFacets(
  actor: Actor,
  { facets, ...range }: LogRange & { facets: readonly LogFacetName[] },
): Promise<LogFacetCounts> {
  const db = getDb("console");
  const counts: LogFacetCounts = {};
  for (const facet of facets) {
    const { [facet]: _, ...filter } = range.filter;
    const where = await whereOfFilter(db, actor, { ...range, filter });
    if (facet === "rule") {
      counts.rule = await countLogsByRule(db, { where, limit: MAX_VALUES });
      continue;
    }
    const limit = facet === "outcome" ? MAX_VALUES * 4 : MAX_VALUES;
    const isLong = range.to.getTime() - range.from.getTime() > LONG_MS;
    const rows =
      isLong && canSumFacet(facet, where)
        ? await sumLogsBy(db, { where: { ...where, from: range.from, to: range.to }, facet, limit })
        : await countLogsBy(db, { where, facet, limit });
    counts[facet] = await namedValues(facet, rows);
  }
  return counts;
}

type Counted = { value: string; requests: number };

async function namedValues(
  facet: LogFacetName,
  rows: readonly Counted[],
): Promise<NonNullable<LogFacetCounts[LogFacetName]>> {
  if (facet === "outcome") {
    return outcomeValues(rows);
  }
  if (facet === "cache") {
    return rows.map(({ value, requests }) => ({
      value: CACHE_WORDS[value]?.value ?? value,
      label: CACHE_WORDS[value]?.label ?? value,
      requests,
    }));
  }
  if (facet === "guard") {
    return guardrailValues(rows);
  }
  if (facet !== "key" && facet !== "user" && facet !== "team") {
    return rows.map(({ value, requests }) => ({ value, label: value, requests }));
  }
  const ids = rows.map(({ value }) => value);
  const names = await listLogNames(getDb("console"), {
    keyIds: facet === "key" ? ids : [],
    userIds: facet === "user" ? ids : [],
    teamIds: facet === "team" ? ids : [],
  });
  return rows.map(({ value, requests }) => {
    const known = names.get(value);
    return { value, label: known?.name ?? known?.hint ?? value, requests };
  });
}

/** In the words of the catalogue, the weightiest first. */
function guardrailValues(
  rows: readonly Counted[],
): { value: string; label: string; requests: number }[] {
  return GUARDRAIL_RESULTS.flatMap((result) => {
    const requests = rows.find(({ value }) => value === result)?.requests ?? 0;
    return requests === 0 ? [] : [{ value: result, label: RESULT_WORDS[result].label, requests }];
  });
}

const CACHE_WORDS: Readonly<Record<string, { value: string; label: string }>> = {
  HIT: { value: "hit", label: "Exact hit" },
  SEMANTIC: { value: "semantic", label: "Semantic hit" },
  MISS: { value: "miss", label: "Miss" },
  BYPASS: { value: "off", label: "Off" },
};

/** Outcomes and error codes come as pairs, which are added up by their label. */
function outcomeValues(
  rows: readonly Counted[],
): { value: string; label: string; requests: number }[] {
  const sums = new Map<OutcomeLabelId, number>();
  for (const { value, requests } of rows) {
    const [outcome = "", code = ""] = value.split(" ");
    const known = OUTCOMES.find((each) => each === outcome);
    if (known !== undefined) {
      const { id } = labelOfOutcome(known, code === "" ? null : code);
      sums.set(id, (sums.get(id) ?? 0) + requests);
    }
  }
  return OUTCOME_LABELS.filter(({ id }) => sums.has(id)).map(({ id, label }) => ({
    value: id,
    label,
    requests: sums.get(id) ?? 0,
  }));
}
