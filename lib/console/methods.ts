import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import type { RouteHandler } from "./define-route.ts";
import { replyError } from "./reply.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/**
 * The handlers of one path, every method included: those that it lacks answer 405 in OpenAI's
 * shape and name those that it has, where Next alone would answer an empty body.
 */
export function defineMethods(
  handlers: Partial<Record<Method, RouteHandler>>,
): Record<Method, RouteHandler> {
  const allow = METHODS.filter((method) => handlers[method] !== undefined).join(", ");
  const refuse: RouteHandler = (request) => Promise.resolve(refuseMethod(request.method, allow));
  return {
    GET: handlers.GET ?? refuse,
    POST: handlers.POST ?? refuse,
    PUT: handlers.PUT ?? refuse,
    PATCH: handlers.PATCH ?? refuse,
    DELETE: handlers.DELETE ?? refuse,
  };
}

function refuseMethod(method: string, allow: string): Response {
  const error = new ConduitError("method_not_allowed", {
    message: `${method} is not allowed here; ${allow} is.`,
  });
  const reply = replyError(error, newId());
  reply.headers.set("allow", allow);
  return reply;
}

/** Every method of a path that does not exist. */
export function refuseUnknownPath(): Record<Method, RouteHandler> {
  const refuse: RouteHandler = (request) => {
    const { pathname } = new URL(request.url);
    const error = new ConduitError("unknown_url", {
      message: `There is no ${request.method} ${pathname}. /openapi.json lists what there is.`,
    });
    return Promise.resolve(replyError(error, newId()));
  };
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse };
}
