import { orDatabaseAway } from "#lib/db/outage.ts";
import { errorBody, errorHeaders, toConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";

/** Answers carry secrets and other people's data; nobody on the way may keep one. */
function commonHeaders(requestId: string): Record<string, string> {
  return {
    "x-request-id": requestId,
    "x-conduit-request-id": requestId,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

/** `value` as JSON; nothing at all is a 204. */
export function replyJson(
  value: unknown,
  { requestId, status }: { requestId: string; status: number },
): Response {
  const headers = commonHeaders(requestId);
  return value === undefined
    ? new Response(null, { status: 204, headers })
    : Response.json(value, { status, headers });
}

/** Anything thrown, in OpenAI's error shape. What was not foreseen is logged and told to nobody. */
export function replyError(thrown: unknown, requestId: string): Response {
  const error = toConduitError(orDatabaseAway(thrown));
  if (error.status >= 500) {
    getLog().error({ err: thrown, request_id: requestId }, "admin request failed");
  }
  return Response.json(errorBody(error), {
    status: error.status,
    headers: { ...commonHeaders(requestId), ...errorHeaders(error) },
  });
}
