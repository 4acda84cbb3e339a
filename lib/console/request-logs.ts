import type {
  RequestLogDetail,
  RequestLogPage,
  RequestLogQuery,
} from "#lib/contract/request-log.ts";
import { getDb } from "#lib/db/client.ts";
import { listVerdicts } from "#lib/db/guardrail-stats.ts";
import { cutoffOf } from "#lib/db/partitions.ts";
import { getRequestLog, listAttempts, listRequestLogs } from "#lib/db/request-logs-read.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { idTimeMs } from "#lib/ids.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { requireFound } from "./found.ts";
import { whereOfQuery } from "./log-where.ts";
import { attemptOf, logInfosOf, verdictInfoOf } from "./request-log-view.ts";

/** Log entries, newest first; `next_cursor` leads on to older ones. */
export async function showRequestLogs(
  actor: Actor,
  query: RequestLogQuery,
): Promise<RequestLogPage> {
  const db = getDb("console");
  const rows = await listRequestLogs(db, {
    where: await whereOfQuery(db, actor, query),
    limit: query.limit,
    after: query.cursor === undefined ? undefined : { id: query.cursor },
  });
  const page = rows.slice(0, query.limit);
  return {
    logs: await logInfosOf(db, page),
    next_cursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** One entry with its attempts. Throws `not_found` for one outside the actor's reach as well. */
export async function showRequestLog(actor: Actor, id: string): Promise<RequestLogDetail> {
  const db = getDb("console");
  const row = (await getRequestLog(db, { id })) ?? missing(id);
  assertWithinReach(actor, "log.read", { ...row, what: "log entry" });
  const [info] = await logInfosOf(db, [row]);
  const attempts = await listAttempts(db, { requestId: id });
  const verdicts = row.guardrailResult === null ? [] : await listVerdicts(db, { requestId: id });
  return {
    ...requireFound(info, "log entry"),
    dialect: row.dialect,
    error_message: row.errorMessage,
    tokens_estimated: row.estimated,
    price_snapshot: row.priceSnapshot,
    adjusted: row.adjusted,
    attempt_list: attempts.map(attemptOf),
    verdict_list: verdicts.map(verdictInfoOf),
  };
}

/** Whoever asks for an old request learns why it is gone; its age is in its id. */
function missing(id: string): never {
  const { log_days: days } = currentSettings().retention;
  const isOld = idTimeMs(id) < cutoffOf({ days });
  throw new ConduitError("not_found", {
    message: isOld
      ? `This request is older than ${days} days and was removed by retention.`
      : "There is no such log entry.",
  });
}

/** As `showRequestLog`, for a page that says itself why there is nothing to show. */
export async function findRequestLog(
  actor: Actor,
  id: string,
): Promise<{ log: RequestLogDetail } | { log: null; reason: string }> {
  try {
    return { log: await showRequestLog(actor, id) };
  } catch (error) {
    if (isConduitError(error) && error.code === "not_found") {
      return { log: null, reason: error.message };
    }
    throw error;
  }
}
