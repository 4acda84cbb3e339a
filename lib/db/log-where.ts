import {
  and,
  eq,
  gt,
  gte,
  inArray,
  isNull,
  lt,
  lte,
  ne,
  not,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { LabelCondition } from "#lib/catalog/outcomes.ts";
import type { GuardrailResult } from "#lib/contract/guardrail-verdict.ts";
import type { CacheResult, Outcome } from "#lib/contract/record.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { idTimeMs } from "#lib/ids.ts";
import { withinScope } from "./scope.ts";
import { isFoundBy } from "./verdict-where.ts";

/** Values of which a row has one, and values that it has not. */
export interface Wanted<Value> {
  include: readonly Value[];
  exclude: readonly Value[];
}

/** What rows of `request_logs` have to match, in the terms of its columns. */
export interface LogWhere {
  scope: Scope;
  /** `[from, to)` on the time of a request's start. */
  from?: Date | undefined;
  to?: Date | undefined;
  requestId?: string | undefined;
  /** Any of these requests, as far as they match the rest. */
  ids?: readonly string[] | undefined;
  keyIds?: Wanted<string> | undefined;
  userIds?: Wanted<string> | undefined;
  teamIds?: Wanted<string> | undefined;
  /** The model that answered; the one asked for when none did. */
  models?: Wanted<string> | undefined;
  asked?: Wanted<string> | undefined;
  aliases?: Wanted<string> | undefined;
  providers?: Wanted<string> | undefined;
  endpoints?: Wanted<string> | undefined;
  deploymentIds?: Wanted<string> | undefined;
  /** Names of deployments that are no more; matched beside the ids. */
  deploymentNames?: Wanted<string> | undefined;
  outcomes?: Wanted<Outcome> | undefined;
  labels?: Wanted<LabelCondition> | undefined;
  statuses?: Wanted<number> | undefined;
  errorCodes?: Wanted<string> | undefined;
  cache?: Wanted<CacheResult> | undefined;
  guardrails?: Wanted<GuardrailResult> | undefined;
  /** Guardrail rules that found something. */
  ruleIds?: Wanted<string> | undefined;
  sessions?: Wanted<string> | undefined;
  prompts?: Wanted<string> | undefined;
  tags?: Wanted<{ name: string; value: string }> | undefined;
  stream?: boolean | undefined;
  fallback?: boolean | undefined;
  unpriced?: boolean | undefined;
  minLatencyMs?: number | undefined;
  minTtftMs?: number | undefined;
  minTokens?: number | undefined;
  minCostNanos?: bigint | undefined;
}

/** `created_at` is always compared where a time is known, so that partitions can be left out. */
export function logWhere(where: LogWhere): SQL | undefined {
  return and(
    withinScope(where.scope, requestLogs),
    where.from === undefined ? undefined : gte(requestLogs.createdAt, where.from),
    where.to === undefined ? undefined : lt(requestLogs.createdAt, where.to),
    where.requestId === undefined ? undefined : isRow(where.requestId),
    where.ids === undefined ? undefined : isOneOf(where.ids),
    ...ownersOf(where),
    ...targetsOf(where),
    ...endingsOf(where),
    ...measuresOf(where),
  );
}

/** The row of a request, whose time is inside its id. */
export function isRow(id: string): SQL | undefined {
  return and(eq(requestLogs.createdAt, new Date(idTimeMs(id))), eq(requestLogs.id, id));
}

function isOneOf(ids: readonly string[]): SQL | undefined {
  const times = ids.map(idTimeMs);
  return and(
    gte(requestLogs.createdAt, new Date(Math.min(...times))),
    lte(requestLogs.createdAt, new Date(Math.max(...times))),
    inArray(requestLogs.id, [...ids]),
  );
}

const MODEL = sql`coalesce(${requestLogs.model}, ${requestLogs.modelAsked})`;

function ownersOf(where: LogWhere): (SQL | undefined)[] {
  return [
    wanted(requestLogs.keyId, where.keyIds),
    wanted(requestLogs.userId, where.userIds),
    wanted(requestLogs.teamId, where.teamIds),
    wanted(requestLogs.endpoint, where.endpoints),
    wanted(requestLogs.session, where.sessions),
    wanted(requestLogs.promptName, where.prompts),
    eachOf(where.tags, hasTag),
  ];
}

function targetsOf(where: LogWhere): (SQL | undefined)[] {
  const { deploymentIds: ids, deploymentNames: names } = where;
  const included = or(
    among(requestLogs.deploymentId, ids?.include ?? []),
    among(requestLogs.deploymentName, names?.include ?? []),
  );
  return [
    wanted(MODEL, where.models),
    wanted(requestLogs.modelAsked, where.asked),
    wanted(requestLogs.alias, where.aliases),
    wanted(requestLogs.provider, where.providers),
    included,
    notAmong(requestLogs.deploymentId, ids?.exclude ?? []),
    notAmong(requestLogs.deploymentName, names?.exclude ?? []),
  ];
}

function endingsOf(where: LogWhere): (SQL | undefined)[] {
  const { stream, fallback, unpriced, errorCodes } = where;
  return [
    wanted(requestLogs.outcome, where.outcomes),
    eachOf(where.labels, hasLabel),
    wanted(requestLogs.errorCode, errorCodes),
    // Follows from an error code, but only with it is the partial index used.
    errorCodes === undefined || errorCodes.include.length === 0
      ? undefined
      : ne(requestLogs.outcome, "ok"),
    wanted(requestLogs.status, where.statuses),
    wanted(requestLogs.cacheResult, where.cache),
    wanted(requestLogs.guardrailResult, where.guardrails),
    eachOf(where.ruleIds, isFoundBy),
    stream === undefined ? undefined : eq(requestLogs.stream, stream),
    fallback === undefined ? undefined : (fallback ? gt : lte)(requestLogs.attemptCount, 1),
    unpriced === undefined ? undefined : (unpriced ? eq : ne)(requestLogs.priceState, "unpriced"),
  ];
}

const TOKENS = sql`(${requestLogs.inputTokens}::bigint + ${requestLogs.cacheReadTokens}
  + ${requestLogs.cacheWrite5mTokens} + ${requestLogs.cacheWrite1hTokens}
  + ${requestLogs.audioInTokens} + ${requestLogs.outputTokens} + ${requestLogs.audioOutTokens})`;

function measuresOf(where: LogWhere): (SQL | undefined)[] {
  const { minLatencyMs, minTtftMs, minTokens, minCostNanos } = where;
  return [
    minLatencyMs === undefined ? undefined : gte(requestLogs.latencyMs, minLatencyMs),
    minTtftMs === undefined ? undefined : gte(requestLogs.ttftMs, minTtftMs),
    minTokens === undefined ? undefined : gte(TOKENS, minTokens),
    minCostNanos === undefined ? undefined : gte(requestLogs.costNanos, minCostNanos),
  ];
}

/** A row without the property is none of the values, so that it passes what leaves some out. */
function wanted<Value extends string | number>(
  column: PgColumn | SQL,
  values: Wanted<Value> | undefined,
): SQL | undefined {
  return values === undefined
    ? undefined
    : and(among(column, values.include), notAmong(column, values.exclude));
}

function among(column: PgColumn | SQL, values: readonly (string | number)[]): SQL | undefined {
  return values.length === 0 ? undefined : inArray(column as SQL, [...values]);
}

function notAmong(column: PgColumn | SQL, values: readonly (string | number)[]): SQL | undefined {
  return values.length === 0
    ? undefined
    : or(isNull(column as SQL), not(inArray(column as SQL, [...values])));
}

/** As `wanted`, for values that take more than one column to compare. */
function eachOf<Value>(
  values: Wanted<Value> | undefined,
  conditionOf: (value: Value) => SQL,
): SQL | undefined {
  if (values === undefined) {
    return undefined;
  }
  return and(
    values.include.length === 0 ? undefined : or(...values.include.map(conditionOf)),
    ...values.exclude.map((value) => not(conditionOf(value))),
  );
}

function hasLabel({ outcome, codes, otherCodes }: LabelCondition): SQL {
  const code = sql`coalesce(${requestLogs.errorCode}, '')`;
  const condition = and(
    eq(requestLogs.outcome, outcome),
    codes === undefined ? undefined : inArray(code, [...codes]),
    otherCodes.length === 0 ? undefined : not(inArray(code, [...otherCodes])),
  );
  return sql`(${condition})`;
}

/** The second condition follows from the first, but only with it is the partial index used. */
function hasTag({ name, value }: { name: string; value: string }): SQL {
  const tag = JSON.stringify(Object.fromEntries([[name, value]]));
  return sql`(${requestLogs.tags} @> ${tag}::jsonb and ${requestLogs.tags} <> '{}'::jsonb)`;
}
