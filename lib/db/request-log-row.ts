import type { AttemptRecord, RequestRecord } from "#lib/contract/record.ts";
import { idTimeMs } from "#lib/ids.ts";

/** Longest texts that a row keeps; an index entry of Postgres may not pass about 2,700 bytes. */
const MAX_NAME = 256;
const MAX_MESSAGE = 2_000;
const MAX_TAGS = 32;
/** The token columns are 32 bits wide, and a `real` cannot hold an infinite latency as JSON. */
const MAX_INTEGER = 2_147_483_647;

/**
 * A record as the JSON text that the journal keeps and `insertRecords` reads: flat, its keys the
 * columns of `request_logs`, beside them `attempts` and what is needed to settle. Written once,
 * here; the database unpacks it, so that no column is touched in Node a second time. Every request
 * pays for it, so that the text is put together without an object in between.
 */
export function logRowOf(record: RequestRecord): string {
  return (
    identityOf(record) +
    endingOf(record) +
    usageOf(record) +
    settlementOf(record) +
    `,"attempts":[${record.attempts.map(attemptOf).join(",")}]}`
  );
}

/** The id of a row or an intent in JSON text, which both begin with it. */
export function rowIdOf(row: string): string {
  return row.slice(ID_AT, ID_AT + ID_LENGTH);
}

const ID_AT = '{"id":"'.length;
const ID_LENGTH = 36;

function identityOf(record: RequestRecord): string {
  return (
    `{"id":"${record.id}","created_at":"${isoTime(idTimeMs(record.id))}"` +
    `,"key_id":"${record.keyId}","user_id":"${record.userId}","team_id":${quoted(record.teamId)}` +
    `,"dialect":${quoted(record.dialect)},"endpoint":${quoted(record.endpoint)}` +
    `,"model_asked":${quoted(record.modelAsked)},"alias":${quoted(record.alias)}` +
    `,"deployment_id":${quoted(record.deploymentId)}` +
    `,"deployment_name":${quoted(record.deploymentName)},"provider":${quoted(record.provider)}` +
    `,"model":${quoted(record.model)},"adjusted":${quotedList(record.adjusted)}` +
    `,"tags":${tagsOf(record.tags)},"session":${quoted(record.session)}` +
    `,"ip":${quoted(record.ip)},"user_agent":${quoted(record.userAgent)}`
  );
}

function endingOf(record: RequestRecord): string {
  return (
    `,"status":${whole(record.status)},"outcome":"${record.outcome}"` +
    `,"error_code":${quoted(record.errorCode)}` +
    `,"error_message":${quoted(record.errorMessage, MAX_MESSAGE)}` +
    `,"latency_ms":${duration(record.latencyMs)},"ttft_ms":${duration(record.ttftMs)}` +
    `,"overhead_ms":${duration(record.overheadMs)},"attempt_count":${record.attempts.length}` +
    `,"stream":${record.stream},"cache_result":"${record.cacheResult}"`
  );
}

function usageOf({ usage, estimated }: RequestRecord): string {
  return (
    `,"input_tokens":${whole(usage.input)},"cache_read_tokens":${whole(usage.cacheRead)}` +
    `,"cache_write_5m_tokens":${whole(usage.cacheWrite5m)}` +
    `,"cache_write_1h_tokens":${whole(usage.cacheWrite1h)}` +
    `,"output_tokens":${whole(usage.output)},"reasoning_tokens":${whole(usage.reasoning)}` +
    `,"audio_in_tokens":${whole(usage.audioIn)},"audio_out_tokens":${whole(usage.audioOut)}` +
    `,"estimated":${estimated}`
  );
}

/** Amounts are written as strings: readers of JSON numbers lose digits above 2^53. */
function settlementOf({
  costNanos,
  priceSnapshot,
  priceState,
  reservation,
}: RequestRecord): string {
  const snapshot = priceSnapshot === null ? "null" : tagsOf(priceSnapshot);
  return (
    `,"cost_nanos":"${costNanos}","price_snapshot":${snapshot},"price_state":"${priceState}"` +
    `,"budget_ids":${reservation === null ? "[]" : quotedList(reservation.budgetIds)}` +
    `,"reservation_store":${reservation === null ? "null" : `"${reservation.store}"`}`
  );
}

function attemptOf(attempt: AttemptRecord, at: number): string {
  return (
    `{"position":${at + 1},"deployment_id":"${attempt.deploymentId}"` +
    `,"deployment_name":${quoted(attempt.deploymentName)},"provider":${quoted(attempt.provider)}` +
    `,"status":${attempt.status === null ? "null" : whole(attempt.status)}` +
    `,"error_code":${quoted(attempt.errorCode)}` +
    `,"error_message":${quoted(attempt.errorMessage, MAX_MESSAGE)}` +
    `,"started_at":"${isoTime(attempt.startedAtMs)}","duration_ms":${duration(attempt.durationMs)}` +
    `,"ended":${quoted(attempt.ended)},"cost_nanos":"${attempt.costNanos}"}`
  );
}

/** Texts that need no escape, which nearly all are, go in as they stand. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * A text as JSON that Postgres can turn into text again: it takes neither NUL nor half a surrogate
 * pair, both of which a caller can put into a model name or a tag.
 */
function quoted(text: string | null, length = MAX_NAME): string {
  if (text === null) {
    return "null";
  }
  const short = text.length > length ? text.slice(0, length) : text;
  if (PLAIN.test(short)) {
    return `"${short}"`;
  }
  return JSON.stringify(short.toWellFormed().replaceAll("\0", "\ufffd"));
}

function quotedList(texts: readonly string[]): string {
  return texts.length === 0 ? "[]" : `[${texts.map((text) => quoted(text)).join(",")}]`;
}

function tagsOf(tags: Readonly<Record<string, string>>): string {
  let text = "";
  let left = MAX_TAGS;
  for (const name in tags) {
    if (left === 0) {
      break;
    }
    left -= 1;
    text += `${text === "" ? "" : ","}${quoted(name)}:${quoted(tags[name] ?? "")}`;
  }
  return `{${text}}`;
}

function whole(count: number): number {
  return count > 0 ? Math.min(Math.floor(count), MAX_INTEGER) : 0;
}

/** Milliseconds to a hundredth; a clock that failed must not make the row unreadable. */
function duration(ms: number | null): string {
  if (ms === null) {
    return "null";
  }
  return Number.isFinite(ms) ? String(Math.round(ms * 100) / 100) : "0";
}

/** The last second that was written out; neighbouring records are of the same one. */
let knownSecond = Number.NaN;
let knownPrefix = "";

/** A time in ISO 8601 with milliseconds, in UTC; a clock that failed reads as 1970. */
function isoTime(timeMs: number): string {
  const ms = Number.isFinite(timeMs) ? timeMs : 0;
  const second = Math.floor(ms / 1000);
  if (second !== knownSecond) {
    knownPrefix = new Date(second * 1000).toISOString().slice(0, 20);
    knownSecond = second;
  }
  return `${knownPrefix}${String(Math.floor(ms - second * 1000)).padStart(3, "0")}Z`;
}
