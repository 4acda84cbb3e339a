import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { isSteppedUp } from "#lib/auth/session.ts";
import type { Action } from "#lib/catalog/roles.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { readJson } from "./body.ts";
import { parse, parseParams, queryOf, type RouteHandler } from "./define-route.ts";
import { assertAllowed } from "./permission.ts";
import { replyError, replyJson } from "./reply.ts";
import { assertNotForeign, assertSameOrigin } from "./same-origin.ts";
import { getViewer, type Viewer } from "./viewer.ts";

interface IslandDefinition<Params, Query, Input> {
  can: Action;
  /** Whether the person has to have proved who they are in the last ten minutes. */
  stepUp?: true;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  input?: z.ZodType<Input>;
  /** Gives a value, or a `Response` when it streams. */
  run: (call: {
    actor: Viewer;
    params: Params;
    query: Query;
    input: Input;
    signal: AbortSignal;
  }) => Promise<unknown>;
}

/**
 * One endpoint of the console's own, signed by the session cookie: a GET, or a POST that computes or
 * streams without writing. Refusals have OpenAI's error shape, and nothing on the way keeps an answer.
 */
export function defineIsland<Params = undefined, Query = undefined, Input = undefined>(
  definition: IslandDefinition<Params, Query, Input>,
): RouteHandler {
  return async (request, props) => {
    const requestId = newId();
    try {
      assertOurs(request);
      const viewer = await getViewer();
      if (viewer === undefined) {
        throw signedOut();
      }
      assertAllowed(viewer.principal, definition.can);
      assertProved(viewer, definition.stepUp);
      const params = await parseParams(definition.params, props);
      const query = parse(definition.query, queryOf(request));
      const body = definition.input === undefined ? undefined : await readJson(request);
      const input = parse(definition.input, body);
      const actor = { ...viewer, requestId };
      const { signal } = request;
      const result = await definition.run({ actor, params, query, input, signal });
      return result instanceof Response
        ? uncached(result, requestId)
        : replyJson(result, { requestId, status: 200 });
    } catch (error) {
      unstable_rethrow(error);
      return replyError(error, requestId);
    }
  };
}

function assertOurs(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") {
    assertNotForeign(request.headers);
    return;
  }
  assertSameOrigin(request.headers);
}

function signedOut(): ConduitError {
  return new ConduitError("invalid_api_key", {
    message: "You are signed out. Sign in to go on.",
    publicCode: "unauthenticated",
  });
}

function assertProved({ principal }: Viewer, stepUp: true | undefined): void {
  if (stepUp === true && !isSteppedUp(principal)) {
    throw new ConduitError("permission_denied", {
      message: "Confirm that it is you to go on.",
      publicCode: "step_up_required",
    });
  }
}

function uncached(response: Response, requestId: string): Response {
  response.headers.set("x-request-id", requestId);
  response.headers.set("x-content-type-options", "nosniff");
  if (!response.headers.has("cache-control")) {
    response.headers.set("cache-control", "no-store");
  }
  return response;
}
