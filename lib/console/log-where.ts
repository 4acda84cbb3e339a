import { conditionOfLabel, type OutcomeLabelId } from "#lib/catalog/outcomes.ts";
import type { GuardrailResult } from "#lib/contract/guardrail-verdict.ts";
import type { Choice } from "#lib/contract/log-choice.ts";
import type { CacheChoice, LogFilter } from "#lib/contract/log-filter.ts";
import type { CacheResult } from "#lib/contract/record.ts";
import type { RequestLogQuery } from "#lib/contract/request-log.ts";
import type { Db } from "#lib/db/client.ts";
import { findDeployments } from "#lib/db/deployment-names.ts";
import type { LogWhere, Wanted } from "#lib/db/log-where.ts";
import { isUuid } from "#lib/ids.ts";
import { parseUsd } from "#lib/money.ts";
import { type Actor, scopeOf } from "./actor.ts";

const CACHE_RESULTS = {
  hit: "HIT",
  semantic: "SEMANTIC",
  miss: "MISS",
  off: "BYPASS",
} as const satisfies Record<CacheChoice, CacheResult>;

/** The rows that a page's filter means, within the actor's reach. */
export async function whereOfFilter(
  db: Db,
  actor: Actor,
  { filter, from, to }: { filter: LogFilter; from?: Date | undefined; to?: Date | undefined },
): Promise<LogWhere> {
  return {
    scope: scopeOf(actor, "log.read"),
    from,
    to,
    requestId: filter.rid,
    keyIds: filter.key,
    userIds: filter.user,
    teamIds: filter.team,
    models: filter.model,
    asked: filter.asked,
    providers: filter.provider,
    endpoints: filter.endpoint,
    sessions: filter.session,
    prompts: filter.prompt,
    errorCodes: filter.error,
    ...(await deploymentsOf(db, filter.dep)),
    // The casts name what the filter's schema has checked.
    labels: mapped(filter.outcome, (id) => conditionOfLabel(id as OutcomeLabelId)),
    // As above: the schema has checked the word.
    guardrails: mapped(filter.guard, (word) => word as GuardrailResult),
    ruleIds: filter.rule,
    cache: mapped(filter.cache, (choice) => CACHE_RESULTS[choice as CacheChoice]),
    statuses: mapped(filter.code, Number),
    tags: mapped(filter.tag, tagOf),
    stream: filter.stream,
    fallback: filter.fallback,
    unpriced: filter.unpriced,
    minLatencyMs: filter.minlat,
    minTtftMs: filter.minttft,
    minTokens: filter.mintok,
    minCostNanos: filter.mincost === undefined ? undefined : parseUsd(filter.mincost),
  };
}

/** The rows that a query of the admin API means, within the actor's reach. */
export async function whereOfQuery(
  db: Db,
  actor: Actor,
  query: RequestLogQuery,
): Promise<LogWhere> {
  return {
    scope: scopeOf(actor, "log.read"),
    from: query.from,
    to: query.to,
    requestId: query.request_id,
    keyIds: only(query.key_id),
    userIds: only(query.user_id),
    teamIds: only(query.team_id),
    asked: only(query.model),
    aliases: only(query.alias),
    providers: only(query.provider),
    ...(await deploymentsOf(db, only(query.deployment))),
    outcomes: only(query.outcome),
    guardrails: only(query.guardrail),
    ruleIds: only(query.rule_id),
    statuses: only(query.status === undefined ? undefined : [query.status]),
    errorCodes: only(query.error_code),
    prompts: only(query.prompt),
    sessions: only(query.session === undefined ? undefined : [query.session]),
    tags: only(query.tag === undefined ? undefined : [tagOf(query.tag)]),
    stream: query.stream,
    fallback: query.fallback,
    unpriced: query.unpriced,
    minLatencyMs: query.min_latency_ms,
    minTtftMs: query.min_ttft_ms,
    minCostNanos: query.min_cost_usd,
  };
}

function only<Value>(values: readonly Value[] | undefined): Wanted<Value> | undefined {
  return values === undefined ? undefined : { include: values, exclude: [] };
}

function mapped<Value>(
  choice: Choice | undefined,
  map: (value: string) => Value,
): Wanted<Value> | undefined {
  return choice === undefined
    ? undefined
    : {
        include: choice.include.map((value) => map(value)),
        exclude: choice.exclude.map((value) => map(value)),
      };
}

/** Names are looked up first, because only ids have an index; a deleted deployment keeps its name. */
async function deploymentsOf(
  db: Db,
  choice: Wanted<string> | undefined,
): Promise<Pick<LogWhere, "deploymentIds" | "deploymentNames">> {
  if (choice === undefined) {
    return {};
  }
  const found = await findDeployments(db, { keys: [...choice.include, ...choice.exclude] });
  const idsOf = (keys: readonly string[]) => [
    ...found.filter(({ id, name }) => keys.includes(name) || keys.includes(id)).map(({ id }) => id),
    ...keys.filter((key) => isUuid(key) && !found.some(({ id }) => id === key)),
  ];
  const goneOf = (keys: readonly string[]) =>
    keys.filter((key) => !isUuid(key) && !found.some(({ name }) => name === key));
  return {
    deploymentIds: { include: idsOf(choice.include), exclude: idsOf(choice.exclude) },
    deploymentNames: { include: goneOf(choice.include), exclude: goneOf(choice.exclude) },
  };
}

function tagOf(tag: string): { name: string; value: string } {
  const at = tag.indexOf("=");
  return { name: tag.slice(0, at), value: tag.slice(at + 1) };
}
