import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import { guardrailRollup1h as rollup } from "#drizzle/schema/guardrail-rollup-1h.ts";
import { guardrailVerdicts } from "#drizzle/schema/guardrail-verdicts.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { VerdictState } from "#lib/contract/guardrail-verdict.ts";
import { idTimeMs } from "#lib/ids.ts";
import type { Db } from "./client.ts";
import { type LogWhere, logWhere } from "./log-where.ts";

export type VerdictRow = typeof guardrailVerdicts.$inferSelect;

/** `[start, end)`, on full hours. */
export interface HourSpan {
  start: Date;
  end: Date;
}

export interface RuleRuns {
  ruleId: string;
  mode: "enforced" | "shadow";
  state: VerdictState;
  runs: number;
  matches: number;
}

/** How often each rule ran and how that ended, from the hourly sums. */
export async function sumRuleRuns(db: Db, span: HourSpan): Promise<RuleRuns[]> {
  return await db
    .select({
      ruleId: rollup.ruleId,
      mode: rollup.mode,
      state: rollup.state,
      runs: sql`sum(${rollup.runs})`.mapWith(Number),
      matches: sql`sum(${rollup.matches})`.mapWith(Number),
    })
    .from(rollup)
    .where(within(span))
    .groupBy(rollup.ruleId, rollup.mode, rollup.state);
}

/**
 * Runs of each rule by the class of their duration (`catalog/check-durations.ts`). What was skipped
 * took no time, and would make the others look faster.
 */
export async function sumRuleDurations(db: Db, span: HourSpan): Promise<Map<string, number[]>> {
  const classes = sql`unnest(${rollup.durationBuckets}) with ordinality as class (count, place)`;
  const rows = await db
    .select({
      ruleId: rollup.ruleId,
      place: sql`class.place`.mapWith(Number),
      runs: sql`sum(class.count)`.mapWith(Number),
    })
    .from(rollup)
    .crossJoinLateral(classes)
    .where(and(within(span), sql`${rollup.state} <> 'skipped'`))
    .groupBy(rollup.ruleId, sql`class.place`);
  const sums = new Map<string, number[]>();
  for (const { ruleId, place, runs } of rows) {
    const counts = sums.get(ruleId) ?? [];
    counts[place - 1] = runs;
    sums.set(ruleId, counts);
  }
  return sums;
}

function within({ start, end }: HourSpan) {
  return and(gte(rollup.bucketStart, start), lt(rollup.bucketStart, end));
}

/** The verdicts on one request, in the order in which they were found. */
export async function listVerdicts(db: Db, params: { requestId: string }): Promise<VerdictRow[]> {
  return await db
    .select()
    .from(guardrailVerdicts)
    .where(
      and(
        eq(guardrailVerdicts.createdAt, new Date(idTimeMs(params.requestId))),
        eq(guardrailVerdicts.requestId, params.requestId),
      ),
    )
    .orderBy(asc(guardrailVerdicts.position));
}

/** Log rows by the rule that found something in them, with the rule's latest name. */
export async function countLogsByRule(
  db: Db,
  params: { where: LogWhere; limit: number },
): Promise<{ value: string; label: string; requests: number }[]> {
  return await db
    .select({
      value: guardrailVerdicts.ruleId,
      label: sql<string>`(array_agg(${guardrailVerdicts.ruleName} order by ${guardrailVerdicts.createdAt} desc))[1]`,
      requests: sql`count(distinct ${guardrailVerdicts.requestId})`.mapWith(Number).as("requests"),
    })
    .from(requestLogs)
    .innerJoin(
      guardrailVerdicts,
      and(
        eq(guardrailVerdicts.createdAt, requestLogs.createdAt),
        eq(guardrailVerdicts.requestId, requestLogs.id),
      ),
    )
    .where(and(logWhere(params.where), eq(guardrailVerdicts.state, "acted")))
    .groupBy(guardrailVerdicts.ruleId)
    .orderBy(sql`3 desc, 1`)
    .limit(params.limit);
}
