import { and, gte, inArray, isNull, lt, not, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { NO_ID } from "#drizzle/schema/columns.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { usageRollup1h } from "#drizzle/schema/usage-rollup-1h.ts";
import { usageRollup15m } from "#drizzle/schema/usage-rollup-15m.ts";
import { LATENCY_BOUNDS_MS, LATENCY_CLASSES } from "#lib/catalog/latency-buckets.ts";
import type { Outcome } from "#lib/contract/record.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { type LogWhere, logWhere, type Wanted } from "./log-where.ts";
import { withinScope } from "./scope.ts";

/** What requests have to match that are counted in the sums: only what the sums can tell apart. */
export interface SumsWhere {
  scope: Scope;
  keyIds?: Wanted<string> | undefined;
  userIds?: Wanted<string> | undefined;
  teamIds?: Wanted<string> | undefined;
  /** The model that answered; the one asked for when none did. */
  models?: Wanted<string> | undefined;
  asked?: Wanted<string> | undefined;
  providers?: Wanted<string> | undefined;
  deploymentIds?: Wanted<string> | undefined;
  outcomes?: Wanted<Outcome> | undefined;
}

/**
 * Where figures are read: from the sums, whose bounds lie on quarters of an hour, or from the log
 * rows, for bounds and filters that the sums do not know.
 */
export type UsageSource = { kind: "sums"; where: SumsWhere } | { kind: "rows"; where: LogWhere };

const HOUR_MS = 3_600_000;

/** A source between its outermost bounds, as a `from` clause, with columns of the same names. */
export function usageFrom(source: UsageSource, bounds: readonly Date[]): SQL {
  return source.kind === "sums" ? sumsFrom(source.where, bounds) : rowsFrom(source.where, bounds);
}

/** How many requests of a source fall into each class of a histogram, as one text of counts. */
export function histogramOf(source: UsageSource, histogram: "latency" | "ttft"): SQL<string> {
  const counts = Array.from({ length: LATENCY_CLASSES }, (_, at) =>
    source.kind === "sums"
      ? sql`coalesce(sum(${sql.raw(`${histogram}_buckets[${at + 1}]`)}), 0)`
      : sql`count(*) filter (where ${sql.raw(`${histogram}_class = ${at}`)})`,
  );
  return sql<string>`concat_ws(',', ${sql.join(counts, sql`, `)})`;
}

/** Whole hours from the hourly sums, and the quarters of hours that a bound cuts through. */
function sumsFrom(where: SumsWhere, bounds: readonly Date[]): SQL {
  const { hours, quarters } = splitHours(bounds.map((bound) => bound.getTime()));
  const parts = [
    ...(hours === undefined ? [] : [selectSums(usageRollup1h, where, hours)]),
    ...(quarters === undefined ? [] : [selectSums(usageRollup15m, where, quarters)]),
  ];
  return sql`(${sql.join(parts, sql` union all `)}) as usage`;
}

interface Spans {
  spans: (readonly [Date, Date])[];
  /** Hours that are left out of them. */
  without: Date[];
}

/** Which hours of a list of bounds, ascending, no bound cuts through, and which it does. */
export function splitHours(boundsMs: readonly number[]): {
  hours: Spans | undefined;
  quarters: Spans | undefined;
} {
  const fromMs = boundsMs[0] ?? 0;
  const toMs = boundsMs.at(-1) ?? fromMs;
  const firstHour = Math.ceil(fromMs / HOUR_MS) * HOUR_MS;
  const lastHour = Math.floor(toMs / HOUR_MS) * HOUR_MS;
  const date = (ms: number): Date => new Date(ms);
  const gaps = boundsMs.slice(1).map((bound, at) => bound - (boundsMs[at] ?? 0));
  if (lastHour <= firstHour || Math.min(...gaps.slice(1, -1), Infinity) < HOUR_MS) {
    return { hours: undefined, quarters: { spans: [[date(fromMs), date(toMs)]], without: [] } };
  }
  const cut = new Set(
    boundsMs
      .filter((bound) => bound > firstHour && bound < lastHour && bound % HOUR_MS !== 0)
      .map((bound) => bound - (bound % HOUR_MS)),
  );
  const edges: [number, number][] = [
    [fromMs, firstHour],
    ...[...cut].map((hour): [number, number] => [hour, hour + HOUR_MS]),
    [lastHour, toMs],
  ];
  const spans = edges
    .filter(([start, end]) => start < end)
    .map(([start, end]) => [date(start), date(end)] as const);
  return {
    hours: { spans: [[date(firstHour), date(lastHour)]], without: [...cut].map(date) },
    quarters: spans.length === 0 ? undefined : { spans, without: [] },
  };
}

type Rollup = typeof usageRollup1h | typeof usageRollup15m;

function selectSums(table: Rollup, where: SumsWhere, { spans, without }: Spans): SQL {
  const time = table.bucketStart;
  const condition = and(
    or(...spans.map(([start, end]) => and(gte(time, start), lt(time, end)))),
    without.length === 0 ? undefined : not(inArray(time, without)),
    sumsWhere(table, where),
  );
  return sql`
    select ${time} as at, ${table.keyId} as key_id, ${table.userId} as user_id,
      ${table.teamId} as team_id, ${table.modelAsked} as asked, ${modelOf(table)} as model,
      ${table.provider} as provider, ${table.deploymentId} as deployment_id,
      ${table.outcome} as outcome, ${table.requests} as requests,
      ${table.unpricedRequests} as unpriced,
      ${table.inputTokens} + ${table.cacheReadTokens} + ${table.cacheWrite5mTokens}
        + ${table.cacheWrite1hTokens} + ${table.audioInTokens} as input_tokens,
      ${table.cacheReadTokens} as cached_tokens,
      ${table.outputTokens} + ${table.audioOutTokens} as output_tokens,
      ${table.reasoningTokens} as reasoning_tokens, ${table.costNanos} as cost_nanos,
      ${table.savedNanos} as saved_nanos,
      ${table.latencyMsSum} as latency_ms, ${table.latencyBuckets} as latency_buckets,
      ${table.ttftBuckets} as ttft_buckets
    from ${table} where ${condition}`;
}

const modelOf = (table: Rollup): SQL =>
  sql`coalesce(nullif(${table.model}, ''), ${table.modelAsked})`;

function sumsWhere(table: Rollup, where: SumsWhere): SQL | undefined {
  return and(
    withinScope(where.scope, table),
    wanted(table.keyId, where.keyIds),
    wanted(table.userId, where.userIds),
    wanted(table.teamId, where.teamIds),
    wanted(modelOf(table), where.models),
    wanted(table.modelAsked, where.asked),
    wanted(table.provider, where.providers),
    wanted(table.deploymentId, where.deploymentIds),
    wanted(table.outcome, where.outcomes),
  );
}

function wanted(column: PgColumn | SQL, values: Wanted<string> | undefined): SQL | undefined {
  const list = (some: readonly string[]): SQL => inArray(column as SQL, [...some]);
  if (values === undefined) {
    return undefined;
  }
  const { include, exclude } = values;
  return and(
    include.length === 0 ? undefined : list(include),
    exclude.length === 0 ? undefined : or(isNull(column as SQL), not(list(exclude))),
  );
}

const CLASSES = sql.raw(`array[${LATENCY_BOUNDS_MS.join(",")}]::float8[]`);

function rowsFrom(where: LogWhere, bounds: readonly Date[]): SQL {
  const logs = requestLogs;
  const condition = logWhere({ ...where, from: bounds[0], to: bounds.at(-1) });
  return sql`(
    select ${logs.createdAt} as at, ${logs.keyId} as key_id, ${logs.userId} as user_id,
      coalesce(${logs.teamId}, ${NO_ID}::uuid) as team_id, ${logs.modelAsked} as asked,
      coalesce(${logs.model}, ${logs.modelAsked}) as model,
      coalesce(${logs.provider}, '') as provider,
      coalesce(${logs.deploymentId}, ${NO_ID}::uuid) as deployment_id, ${logs.outcome} as outcome,
      1::bigint as requests, (${logs.priceState} = 'unpriced')::int as unpriced,
      (${logs.inputTokens}::bigint + ${logs.cacheReadTokens} + ${logs.cacheWrite5mTokens}
        + ${logs.cacheWrite1hTokens} + ${logs.audioInTokens}) as input_tokens,
      ${logs.cacheReadTokens} as cached_tokens,
      (${logs.outputTokens}::bigint + ${logs.audioOutTokens}) as output_tokens,
      ${logs.reasoningTokens} as reasoning_tokens, ${logs.costNanos} as cost_nanos,
      ${logs.savedNanos} as saved_nanos,
      ${logs.latencyMs} as latency_ms, ${logs.tags} as tags,
      width_bucket(${logs.latencyMs}, ${CLASSES}) as latency_class,
      width_bucket(${logs.ttftMs}, ${CLASSES}) as ttft_class
    from ${logs} where ${condition}
  ) as usage`;
}
