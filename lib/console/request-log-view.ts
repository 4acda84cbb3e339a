import { labelOfOutcome } from "#lib/catalog/outcomes.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { RequestLogDetail, RequestLogInfo } from "#lib/contract/request-log.ts";
import type { RuleVerdict } from "#lib/contract/rule-verdict.ts";
import type { Db } from "#lib/db/client.ts";
import type { VerdictRow } from "#lib/db/guardrail-stats.ts";
import { listLogNames, type SubjectName } from "#lib/db/log-names.ts";
import type { RequestAttemptRow, RequestLogRow } from "#lib/db/request-logs-read.ts";
import { formatUsd } from "#lib/money.ts";

const US_PER_MS = 1000;

/** Rows as they are shown, with the names of their keys, users and teams. */
export async function logInfosOf(
  db: Db,
  rows: readonly RequestLogRow[],
): Promise<RequestLogInfo[]> {
  if (rows.length === 0) {
    return [];
  }
  const names = await listLogNames(db, {
    keyIds: rows.map((row) => row.keyId),
    userIds: rows.map((row) => row.userId),
    teamIds: rows.flatMap((row) => row.teamId ?? []),
  });
  return rows.map((row) => infoOf(row, names));
}

function infoOf(row: RequestLogRow, names: ReadonlyMap<string, SubjectName>): RequestLogInfo {
  const label = labelOfOutcome(row.outcome, row.errorCode);
  return {
    id: row.id,
    created_at: instantOf(row.createdAt),
    ...callerOf(row, names),
    endpoint: row.endpoint,
    model_asked: row.modelAsked,
    alias: row.alias,
    model: row.model,
    provider: row.provider,
    deployment_id: row.deploymentId,
    deployment: row.deploymentName,
    status: row.status,
    outcome: row.outcome,
    label: label.label,
    label_id: label.id,
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
    saved_usd: formatUsd(row.savedNanos),
    cache_source_id: row.cacheSourceId,
    cache_similarity: row.cacheSimilarity,
    guardrail: row.guardrailResult,
    prompt: row.promptName,
    prompt_version: row.promptVersion,
    tags: row.tags,
    session: row.session,
    ip: row.ip,
    user_agent: row.userAgent,
  };
}

type Caller =
  | "key_id"
  | "key_name"
  | "key_prefix"
  | "user_id"
  | "user_email"
  | "team_id"
  | "team_name";

function callerOf(
  row: RequestLogRow,
  names: ReadonlyMap<string, SubjectName>,
): Pick<RequestLogInfo, Caller> {
  const key = names.get(row.keyId);
  return {
    key_id: row.keyId,
    key_name: key?.name ?? null,
    key_prefix: key?.hint ?? null,
    user_id: row.userId,
    user_email: names.get(row.userId)?.name ?? null,
    team_id: row.teamId,
    team_name: row.teamId === null ? null : (names.get(row.teamId)?.name ?? null),
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

export function attemptOf(row: RequestAttemptRow): RequestLogDetail["attempt_list"][number] {
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

export function verdictInfoOf(row: VerdictRow): RuleVerdict {
  return {
    rule_id: row.ruleId,
    rule: row.ruleName,
    type: row.ruleType,
    stage: row.stage,
    action: row.action,
    mode: row.mode,
    state: row.state,
    matches: row.matches,
    kinds: row.kinds,
    score: row.score,
    duration_ms: row.durationUs / US_PER_MS,
    reason: row.reason,
  };
}
