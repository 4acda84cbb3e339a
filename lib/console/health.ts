import type { Readiness } from "#lib/contract/health.ts";
import { getSql } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { getLog } from "#lib/log.ts";
import type { RouteHandler } from "./define-route.ts";
import { askRedis } from "./redis-state.ts";
import { replyError, replyJson } from "./reply.ts";

/** The process answers. Nothing else is asked. */
export const answerLive: RouteHandler = () =>
  Promise.resolve(replyJson({ status: "ok" }, { requestId: newId(), status: 200 }));

/** The answer of `readReadiness`, with 503 for a process that cannot serve. */
export const answerReady: RouteHandler = async () => {
  const requestId = newId();
  try {
    const readiness = await readReadiness();
    return replyJson(readiness, { requestId, status: readiness.status === "ok" ? 200 : 503 });
  } catch (error) {
    return replyError(error, requestId);
  }
};

/**
 * Whether the process can serve. Without its database it cannot; without Redis it can, and says
 * that Redis is away. Throws `not_ready` while the gateway starts.
 */
export async function readReadiness(): Promise<Readiness> {
  const redis = await askRedis();
  const database = await askDatabase();
  return { status: database === "ok" ? "ok" : "unavailable", database, redis };
}

async function askDatabase(): Promise<Readiness["database"]> {
  try {
    await getSql("console")`select 1`;
    return "ok";
  } catch (error) {
    getLog().warn({ err: error }, "The database does not answer.");
    return "unavailable";
  }
}
