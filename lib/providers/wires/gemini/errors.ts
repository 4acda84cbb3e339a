import type { ConduitError } from "#lib/errors.ts";
import { errorOfFacts, readErrorBody, readErrorReply } from "#lib/providers/codec/error-reply.ts";
import { type ErrorFacts, failureKind } from "#lib/providers/codec/failure-kind.ts";
import { MAX_WAIT_MS } from "#lib/providers/codec/retry-after.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { ErrorReply } from "#lib/providers/wire.ts";

/** Google's error object, wherever it stands: plain, or in the array of a stream that is no SSE. */
export function findError(value: unknown): Record<string, unknown> | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const error = isRecord(first) ? first["error"] : undefined;
  return isRecord(error) ? error : undefined;
}

/** A refusal with a status of its own. */
export function decodeError(reply: ErrorReply): ConduitError {
  return judge(readErrorReply(reply), findError(parse(reply.body)));
}

/** An error inside an answer with status 200. */
export function errorOfStream(value: unknown): ConduitError {
  const error = findError(value);
  const code = error?.["code"];
  const status = typeof code === "number" && code >= 400 && code <= 599 ? code : 502;
  return judge(readErrorBody(value, status), error);
}

function judge(facts: ErrorFacts, error: Record<string, unknown> | undefined): ConduitError {
  const details: unknown[] = Array.isArray(error?.["details"]) ? error["details"] : [];
  const known = details.filter((detail) => isRecord(detail));
  const wait = retryDelayMs(known);
  const told = wait === undefined ? facts : { ...facts, retryAfterMs: facts.retryAfterMs ?? wait };
  if (facts.status === 429 && isDailyQuota(known)) {
    // It comes back tomorrow, so it is a used-up allowance and no rate.
    return errorOfFacts(told, "quota");
  }
  const isRefusedPlace = facts.status === 400 && facts.code === "FAILED_PRECONDITION";
  // The region or the billing of the account: another deployment may be allowed what this is not.
  return errorOfFacts(told, isRefusedPlace ? "auth" : failureKind(told));
}

/** `RetryInfo.retryDelay`, as `34.4s`; Gemini sends no header for it. */
function retryDelayMs(details: readonly Record<string, unknown>[]): number | undefined {
  for (const { retryDelay } of details) {
    const seconds = typeof retryDelay === "string" ? /^(\d+(?:\.\d+)?)s$/.exec(retryDelay) : null;
    if (seconds !== null) {
      return Math.min(Math.ceil(Number(seconds[1]) * 1000), MAX_WAIT_MS);
    }
  }
  return undefined;
}

function isDailyQuota(details: readonly Record<string, unknown>[]): boolean {
  return details.some(({ violations }) => {
    const list: unknown[] = Array.isArray(violations) ? violations : [];
    return list.some((entry) => isRecord(entry) && String(entry["quotaId"]).includes("PerDay"));
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A proxy's page; the status alone decides.
    return undefined;
  }
}
