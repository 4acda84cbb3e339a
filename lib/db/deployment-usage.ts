import { and, desc, eq, gt, gte, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import { NO_ID } from "#drizzle/schema/columns.ts";
import { usageRollup15m as rollup } from "#drizzle/schema/usage-rollup-15m.ts";
import { LATENCY_CLASSES } from "#lib/catalog/latency-buckets.ts";
import { FAILED_OUTCOMES } from "#lib/catalog/outcomes.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** A span of time `[start, end)` on quarters of an hour. */
export interface Span {
  start: Date;
  end: Date;
}

/** A span, and whose requests in it are counted. */
export interface ScopedSpan extends Span {
  scope: Scope;
}

export interface TrafficSums {
  requests: number;
  failed: number;
  /** Requests per class of `catalog/latency-buckets.ts`. */
  latencyBuckets: number[];
}

const requests = sql`coalesce(sum(${rollup.requests}), 0)`.mapWith(Number);
const failed =
  sql`coalesce(sum(${rollup.requests}) filter (where ${inArray(rollup.outcome, [...FAILED_OUTCOMES])}), 0)`.mapWith(
    Number,
  );
/** One sum per class, as text: cheaper than unfolding every array into rows. */
const latency = sql<string>`concat_ws(',', ${sql.join(
  Array.from(
    { length: LATENCY_CLASSES },
    (_, index) => sql`coalesce(sum(${rollup.latencyBuckets}[${sql.raw(String(index + 1))}]), 0)`,
  ),
  sql`, `,
)})`;

const during = ({ start, end }: Span): SQL | undefined =>
  and(gte(rollup.bucketStart, start), lt(rollup.bucketStart, end));

const counted = ({ scope, ...span }: ScopedSpan): SQL | undefined =>
  and(during(span), withinScope(scope, rollup));

const bucketsOf = (text: string): number[] => text.split(",").map(Number);

/** Traffic by the deployment that answered last, for the models page. */
export async function sumTrafficByDeployment(
  db: Db,
  span: ScopedSpan,
): Promise<Map<string, TrafficSums>> {
  const rows = await db
    .select({ deploymentId: rollup.deploymentId, requests, failed, latency })
    .from(rollup)
    .where(and(counted(span), ne(rollup.deploymentId, NO_ID)))
    .groupBy(rollup.deploymentId);
  return new Map(
    rows.map((row) => [
      row.deploymentId,
      { requests: row.requests, failed: row.failed, latencyBuckets: bucketsOf(row.latency) },
    ]),
  );
}

/** Traffic by the alias that was asked for. */
export async function sumTrafficByAlias(
  db: Db,
  span: ScopedSpan,
): Promise<Map<string, Pick<TrafficSums, "requests" | "failed">>> {
  const rows = await db
    .select({ alias: rollup.alias, requests, failed })
    .from(rollup)
    .where(and(counted(span), ne(rollup.alias, "")))
    .groupBy(rollup.alias);
  return new Map(rows.map((row) => [row.alias, { requests: row.requests, failed: row.failed }]));
}

export interface TrafficPoint extends TrafficSums {
  start: Date;
}

/** One deployment's traffic by intervals of so many seconds, oldest first; empty ones are left out. */
export async function sumDeploymentOverTime(
  db: Db,
  params: ScopedSpan & { deploymentId: string; intervalSeconds: number },
): Promise<TrafficPoint[]> {
  const { intervalSeconds } = params;
  const start = sql`floor(extract(epoch from ${rollup.bucketStart}) / ${intervalSeconds}) * ${intervalSeconds}`;
  const rows = await db
    .select({ seconds: start.mapWith(Number).as("seconds"), requests, failed, latency })
    .from(rollup)
    .where(and(counted(params), eq(rollup.deploymentId, params.deploymentId)))
    .groupBy(sql`seconds`)
    .orderBy(sql`seconds`);
  return rows.map((row) => ({
    start: new Date(row.seconds * 1000),
    requests: row.requests,
    failed: row.failed,
    latencyBuckets: bucketsOf(row.latency),
  }));
}

/** Requests and failures of every deployment by quarters of an hour: the board of availability. */
export async function listTrafficTicks(
  db: Db,
  span: Span,
): Promise<{ deploymentId: string; at: Date; requests: number; failed: number }[]> {
  return await db
    .select({ deploymentId: rollup.deploymentId, at: rollup.bucketStart, requests, failed })
    .from(rollup)
    .where(and(during(span), ne(rollup.deploymentId, NO_ID)))
    .groupBy(rollup.deploymentId, rollup.bucketStart);
}

/** Models that answered without a known price, the busiest first. */
export async function listUnpricedModels(
  db: Db,
  params: Span & { limit: number },
): Promise<{ provider: string; model: string; requests: number }[]> {
  const unpriced = sql`sum(${rollup.unpricedRequests})`.mapWith(Number);
  return await db
    .select({ provider: rollup.provider, model: rollup.model, requests: unpriced })
    .from(rollup)
    .where(and(during(params), gt(rollup.unpricedRequests, 0n)))
    .groupBy(rollup.provider, rollup.model)
    .orderBy(desc(unpriced))
    .limit(params.limit);
}
