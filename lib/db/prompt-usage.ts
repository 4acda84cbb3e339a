import { and, count, eq, gte, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** A span `[from, to)`, and whose requests in it are counted. */
export interface PromptSpan {
  from: Date;
  to: Date;
  scope: Scope;
}

export interface PromptVersionSums {
  version: number;
  requests: number;
  costNanos: bigint;
  /** Of requests that were answered; `null` when none was. */
  latencyMsP95: number | null;
}

function during({ from, to, scope }: PromptSpan): SQL | undefined {
  return and(
    gte(requestLogs.createdAt, from),
    lt(requestLogs.createdAt, to),
    withinScope(scope, requestLogs),
  );
}

/** Requests by the prompt that they were made from. */
export async function countRequestsByPrompt(
  db: Db,
  span: PromptSpan,
): Promise<Map<string, number>> {
  const rows = await db
    .select({ name: requestLogs.promptName, requests: count() })
    .from(requestLogs)
    .where(and(during(span), isNotNull(requestLogs.promptName)))
    .groupBy(requestLogs.promptName);
  return new Map(rows.map(({ name, requests }) => [name ?? "", requests]));
}

/** Requests, cost and latency of one prompt by version, the newest version first. */
export async function sumByVersion(
  db: Db,
  { name, ...span }: PromptSpan & { name: string },
): Promise<PromptVersionSums[]> {
  const latency = sql<number | null>`percentile_cont(0.95) within group (
    order by ${requestLogs.latencyMs}) filter (where ${requestLogs.outcome} in ('ok', 'cached'))`;
  return await db
    .select({
      version: sql`${requestLogs.promptVersion}`.mapWith(Number),
      requests: count(),
      costNanos: sql`coalesce(sum(${requestLogs.costNanos}), 0)`.mapWith(BigInt),
      latencyMsP95: latency,
    })
    .from(requestLogs)
    .where(and(during(span), eq(requestLogs.promptName, name)))
    .groupBy(requestLogs.promptVersion)
    .orderBy(sql`${requestLogs.promptVersion} desc`);
}
