import type {
  AttemptRecord,
  RequestIntent,
  RequestRecord,
  ReservationRecord,
} from "#lib/contract/record.ts";
import { idTimeMs } from "#lib/ids.ts";
import { count, duration, jsonMap, quoted, unless, whole, wholeMs } from "./json-text.ts";
import { verdictsOf } from "./verdict-row.ts";

const MAX_MESSAGE = 2_000;

/**
 * A record as the JSON text that the journal keeps and `insertRecords` reads: flat, its keys the
 * columns of `request_logs`, beside them the attempts and what is needed to settle. Written once,
 * here; the database unpacks it, so that no column is touched in Node a second time. Every request
 * pays for each byte of it several times over (checksum, file, network, two parsers), so that it is
 * put together without an object in between and what a request usually is goes without saying:
 * `insertRecords` gives a key that is missing its usual value. `created_at` is inside the id.
 */
export function logRowOf(record: RequestRecord): string {
  const spent = `${usageOf(record)}${settlementOf(record)}`;
  const found = `${promptOf(record)}${hitOf(record)}${verdictsOf(record.verdicts)}`;
  return `${identityOf(record)}${endingOf(record)}${spent}${found}${attemptsOf(record)}}`;
}

/**
 * What is known of a request before its upstream is called: the beginning of the row that it gets
 * when nothing more is ever heard of it, so that its estimate stands for its cost.
 */
export function intentRowOf(intent: RequestIntent): string {
  return (
    `${callerOf(intent)}${unless(intent.endpoint, "chat", "endpoint")}` +
    `,"model_asked":${quoted(intent.modelAsked)}${intent.stream ? STREAM : ""}` +
    `${costOf(intent.estimateNanos)}${reservationOf(intent.reservation)}}`
  );
}

/** The row of a request during which the process ended, from its intent: no status was sent. */
export function interruptedRowOf(intentRow: string): string {
  return (
    `${intentRow.slice(0, -1)},"status":0,"outcome":"interrupted","error_code":"server_shutdown"` +
    `,"error_message":"The gateway's process ended while this request was running."` +
    `,"estimated":true,"price_state":"none","attempt_count":0,"cache_result":"BYPASS"}`
  );
}

/** The id of a row or an intent in JSON text, which both begin with it. */
export function rowIdOf(row: string): string {
  return row.slice(ID_AT, ID_AT + ID_LENGTH);
}

const ID_AT = '{"id":"'.length;
const ID_LENGTH = 36;
const STREAM = ',"stream":true';

function callerOf({
  id,
  keyId,
  userId,
  teamId,
}: Pick<RequestIntent, "id" | "keyId" | "userId" | "teamId">): string {
  const team = teamId === null ? "" : `,"team_id":"${teamId}"`;
  return `{"id":"${id}","key_id":"${keyId}","user_id":"${userId}"${team}`;
}

function identityOf(record: RequestRecord): string {
  const { deploymentId, adjusted } = record;
  return (
    `${callerOf(record)}${unless(record.dialect, "openai", "dialect")}` +
    `${unless(record.endpoint, "chat", "endpoint")},"model_asked":${quoted(record.modelAsked)}` +
    `${unless(record.alias, null, "alias")}` +
    `${deploymentId === null ? "" : `,"deployment_id":"${deploymentId}"`}` +
    `${unless(record.deploymentName, null, "deployment_name")}` +
    `${unless(record.provider, null, "provider")}${unless(record.model, null, "model")}` +
    `${adjusted.length === 0 ? "" : `,"adjusted":[${adjusted.map((name) => quoted(name)).join(",")}]`}` +
    `${tagsOf(record.tags)}${unless(record.session, null, "session")}` +
    `${unless(record.ip, null, "ip")}${unless(record.userAgent, null, "user_agent")}`
  );
}

function endingOf(record: RequestRecord): string {
  const { status, outcome, errorMessage, ttftMs, cacheResult } = record;
  return (
    `${status === 200 ? "" : `,"status":${whole(status)}`}${unless(outcome, "ok", "outcome")}` +
    `${unless(record.errorCode, null, "error_code")}` +
    `${errorMessage === null ? "" : `,"error_message":${quoted(errorMessage, MAX_MESSAGE)}`}` +
    `,"latency_ms":${duration(record.latencyMs)}` +
    `${ttftMs === null ? "" : `,"ttft_ms":${duration(ttftMs)}`}` +
    `,"overhead_ms":${duration(record.overheadMs)}` +
    `${record.stream ? STREAM : ""}${unless(cacheResult, "MISS", "cache_result")}`
  );
}

function usageOf({ usage, estimated }: RequestRecord): string {
  return (
    count(usage.input, "input_tokens") +
    count(usage.cacheRead, "cache_read_tokens") +
    count(usage.cacheWrite5m, "cache_write_5m_tokens") +
    count(usage.cacheWrite1h, "cache_write_1h_tokens") +
    count(usage.output, "output_tokens") +
    count(usage.reasoning, "reasoning_tokens") +
    count(usage.audioIn, "audio_in_tokens") +
    count(usage.audioOut, "audio_out_tokens") +
    (estimated ? ',"estimated":true' : "")
  );
}

function settlementOf(record: RequestRecord): string {
  const { priceSnapshot } = record;
  // One without a price in it still says that prices were applied.
  const prices = priceSnapshot === null ? "" : `,"price_snapshot":${jsonMap(priceSnapshot)}`;
  return (
    `${costOf(record.costNanos)}${prices}${unless(record.priceState, "priced", "price_state")}` +
    `${reservationOf(record.reservation)}`
  );
}

function promptOf({ prompt }: RequestRecord): string {
  return prompt === null
    ? ""
    : `,"prompt_name":${quoted(prompt.name)},"prompt_version":${whole(prompt.version)}`;
}

function hitOf({ cacheHit }: RequestRecord): string {
  if (cacheHit === null) {
    return "";
  }
  const { similarity } = cacheHit;
  return (
    `,"saved_nanos":"${cacheHit.savedNanos}","cache_source_id":"${cacheHit.sourceId}"` +
    `${similarity === null ? "" : `,"cache_similarity":${similarity}`}`
  );
}

/** Amounts are written as strings: readers of JSON numbers lose digits above 2^53. */
function costOf(costNanos: bigint): string {
  return costNanos === 0n ? "" : `,"cost_nanos":"${costNanos}"`;
}

/** Ids in Postgres' own notation of an array, which it reads quicker than a list inside JSON. */
function reservationOf(reservation: ReservationRecord | null): string {
  if (reservation === null) {
    return "";
  }
  const { budgetIds, store } = reservation;
  const ids = budgetIds.length === 0 ? "" : `,"budget_ids":"{${budgetIds.join(",")}}"`;
  return store === "postgres" ? `${ids},"reservation_store":"postgres"` : ids;
}

/**
 * The one attempt of a request that went well says only when it began, counted from the request's
 * own time, and how long it took; the rest of it is in the row.
 */
function attemptsOf(record: RequestRecord): string {
  const { attempts } = record;
  const [first] = attempts;
  if (first !== undefined && attempts.length === 1 && isPlain(first, record)) {
    const afterMs = wholeMs(first.startedAtMs) - idTimeMs(record.id);
    return `,"attempt_after_ms":${afterMs},"attempt_ms":${duration(first.durationMs)}`;
  }
  const list = attempts.length === 0 ? "" : `,"attempts":[${attempts.map(attemptOf).join(",")}]`;
  return `,"attempt_count":${attempts.length}${list}`;
}

function isPlain(attempt: AttemptRecord, record: RequestRecord): boolean {
  return (
    attempt.ended === "ok" &&
    attempt.status === 200 &&
    attempt.errorCode === null &&
    attempt.errorMessage === null &&
    attempt.costNanos === record.costNanos &&
    attempt.deploymentId === record.deploymentId &&
    attempt.deploymentName === record.deploymentName &&
    attempt.provider === record.provider
  );
}

function attemptOf(attempt: AttemptRecord, at: number): string {
  const { status, errorMessage } = attempt;
  return (
    `{"position":${at + 1},"deployment_id":"${attempt.deploymentId}"` +
    `,"deployment_name":${quoted(attempt.deploymentName)},"provider":${quoted(attempt.provider)}` +
    `${status === null ? "" : `,"status":${whole(status)}`}` +
    `${unless(attempt.errorCode, null, "error_code")}` +
    `${errorMessage === null ? "" : `,"error_message":${quoted(errorMessage, MAX_MESSAGE)}`}` +
    `,"started_at":"${new Date(wholeMs(attempt.startedAtMs)).toISOString()}"` +
    `,"duration_ms":${duration(attempt.durationMs)},"ended":${quoted(attempt.ended)}` +
    `,"cost_nanos":"${attempt.costNanos}"}`
  );
}

function tagsOf(tags: Readonly<Record<string, string>>): string {
  const map = jsonMap(tags);
  return map === "{}" ? "" : `,"tags":${map}`;
}
