import { getEnv } from "#lib/env.ts";
import { ConduitError, toConduitError } from "#lib/errors.ts";
import { chat } from "./endpoints/chat.ts";
import { embeddings } from "./endpoints/embeddings.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { answerModels } from "./endpoints/models.ts";
import { moderations } from "./endpoints/moderations.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { keepFresh } from "./freshness.ts";
import { handle } from "./handle.ts";
import { answerMetrics, countUnhandled } from "./metrics.ts";
import { answerLive, answerReady } from "./probes.ts";
import { refuse } from "./respond.ts";

/** The inference endpoints by path; the one table that both doors read. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  [chat, embeddings, moderations].map((endpoint) => [`/v1${endpoint.path}`, endpoint]),
);

/** The paths of all of them: whatever has to hold for every inference route is tried on each. */
export const INFERENCE_PATHS: readonly string[] = [...ENDPOINTS.keys()];

const MODELS = /^\/v1\/models(?:\/(?<id>.+))?$/;

/** Answers any request below `/v1`, and the probes; nothing is thrown to the doors. */
export async function routeRequest(
  method: string,
  path: string,
  exchange: Exchange,
): Promise<Reply> {
  try {
    if (getEnv().serverless) {
      await keepFresh();
    }
    return await dispatch(method, path.length > 1 ? path.replace(/\/$/, "") : path, exchange);
  } catch (error) {
    countUnhandled(error, exchange);
    return refuse(exchange, undefined, toConduitError(error));
  }
}

async function dispatch(method: string, path: string, exchange: Exchange): Promise<Reply> {
  const endpoint = ENDPOINTS.get(path);
  if (endpoint !== undefined) {
    requireMethod(method, "POST", path);
    return await handle(exchange, endpoint);
  }
  const models = MODELS.exec(path);
  if (models !== null) {
    requireMethod(method, "GET", path);
    return await answerModels(exchange, models.groups?.["id"]);
  }
  const probe = PROBES.get(path);
  if (probe !== undefined) {
    requireMethod(method, "GET", path);
    return await probe(exchange);
  }
  throw new ConduitError("unknown_url", {
    message: `Unknown request URL: ${method} ${path.slice(0, 200)}. Conduit's API is described at /docs.`,
  });
}

const PROBES: ReadonlyMap<string, (exchange: Exchange) => Promise<Reply>> = new Map([
  ["/livez", answerLive],
  ["/readyz", answerReady],
  ["/metrics", answerMetrics],
]);

function requireMethod(method: string, allowed: string, path: string): void {
  if (method !== allowed && !(allowed === "GET" && method === "HEAD")) {
    throw new ConduitError("method_not_allowed", {
      message: `${path} takes ${allowed} requests, not ${method.slice(0, 20)}.`,
    });
  }
}
