import { labelOfOutcome } from "#lib/catalog/outcomes.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type {
  RequestLogDetail,
  RequestLogInfo,
  RequestLogPage,
  RequestLogQuery,
} from "#lib/contract/request-log.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { findDeployments } from "#lib/db/deployment-names.ts";
import {
  getRequestLog,
  listAttempts,
  listRequestLogs,
  type RequestAttemptRow,
  type RequestLogFilter,
  type RequestLogRow,
} from "#lib/db/request-logs-read.ts";
import { isUuid } from "#lib/ids.ts";
import { formatUsd } from "#lib/money.ts";
import { requireFound } from "./found.ts";

/** Log entries, newest first; `next_cursor` leads on to older ones. */
export async function showRequestLogs(query: RequestLogQuery): Promise<RequestLogPage> {
  const db = getDb("console");
  const rows = await listRequestLogs(db, await filterOf(db, query));
  const page = rows.slice(0, query.limit);
  return {
    logs: page.map(infoOf),
    next_cursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

async function filterOf(db: Db, query: RequestLogQuery): Promise<RequestLogFilter> {
  return {
    limit: query.limit,
    cursor: query.cursor,
    from: query.from,
    to: query.to,
    requestId: query.request_id,
    keyIds: query.key_id,
    userIds: query.user_id,
    teamIds: query.team_id,
    models: query.model,
    aliases: query.alias,
    providers: query.provider,
    ...(await deploymentFilter(db, query.deployment)),
    outcomes: query.outcome,
    status: query.status,
    errorCodes: query.error_code,
    stream: query.stream,
    fallback: query.fallback,
    unpriced: query.unpriced,
    session: query.session,
    tag: tagOf(query.tag),
    minLatencyMs: query.min_latency_ms,
    minTtftMs: query.min_ttft_ms,
    minCostNanos: query.min_cost_usd,
  };
}

/** Names are looked up first, because only ids have an index; a deleted deployment keeps its name. */
async function deploymentFilter(
  db: Db,
  keys: readonly string[] | undefined,
): Promise<Pick<RequestLogFilter, "deploymentIds" | "deploymentNames">> {
  if (keys === undefined) {
    return {};
  }
  const found = await findDeployments(db, { keys });
  const ids = [...found.map((each) => each.id), ...keys.filter(isUuid)];
  const gone = keys.filter((key) => !isUuid(key) && !found.some((each) => each.name === key));
  return {
    deploymentIds: ids.length === 0 ? undefined : ids,
    deploymentNames: gone.length === 0 ? undefined : gone,
  };
}

function tagOf(tag: string | undefined): RequestLogFilter["tag"] {
  if (tag === undefined) {
    return undefined;
  }
  const at = tag.indexOf("=");
  return { name: tag.slice(0, at), value: tag.slice(at + 1) };
}

export async function showRequestLog(id: string): Promise<RequestLogDetail> {
  const db = getDb("console");
  const row = requireFound(await getRequestLog(db, { id }), "log entry");
  const attempts = await listAttempts(db, { requestId: id });
  return {
    ...infoOf(row),
    dialect: row.dialect,
    error_message: row.errorMessage,
    tokens_estimated: row.estimated,
    price_snapshot: row.priceSnapshot,
    adjusted: row.adjusted,
    ip: row.ip,
    user_agent: row.userAgent,
    attempt_list: attempts.map(attemptOf),
  };
}

function infoOf(row: RequestLogRow): RequestLogInfo {
  return {
    id: row.id,
    created_at: instantOf(row.createdAt),
    key_id: row.keyId,
    user_id: row.userId,
    team_id: row.teamId,
    endpoint: row.endpoint,
    model_asked: row.modelAsked,
    alias: row.alias,
    model: row.model,
    provider: row.provider,
    deployment_id: row.deploymentId,
    deployment: row.deploymentName,
    status: row.status,
    outcome: row.outcome,
    label: labelOfOutcome(row.outcome, row.errorCode).label,
    error_code: row.errorCode,
    tokens: tokensOf(row),
    cost_usd: formatUsd(row.costNanos),
    price_state: row.priceState,
    latency_ms: row.latencyMs,
    ttft_ms: row.ttftMs,
    overhead_ms: row.overheadMs,
    attempts: row.attemptCount,
    stream: row.stream,
    cache: row.cacheResult,
    tags: row.tags,
    session: row.session,
  };
}

function tokensOf(row: RequestLogRow): RequestLogInfo["tokens"] {
  return {
    input: row.inputTokens,
    cache_read: row.cacheReadTokens,
    cache_write_5m: row.cacheWrite5mTokens,
    cache_write_1h: row.cacheWrite1hTokens,
    output: row.outputTokens,
    reasoning: row.reasoningTokens,
    audio_in: row.audioInTokens,
    audio_out: row.audioOutTokens,
  };
}

function attemptOf(row: RequestAttemptRow): RequestLogDetail["attempt_list"][number] {
  return {
    deployment_id: row.deploymentId,
    deployment: row.deploymentName,
    provider: row.provider,
    status: row.status,
    error_code: row.errorCode,
    error_message: row.errorMessage,
    started_at: instantOf(row.startedAt),
    duration_ms: row.durationMs,
    ended: row.ended,
    cost_usd: formatUsd(row.costNanos),
  };
}
