import type { Exchange, Reply } from "./exchange.ts";
import { getRuntime } from "./runtime.ts";

/** `GET /livez`: the event loop turns. It asks nobody else. */
export async function answerLive(): Promise<Reply> {
  return probe(200, { status: "ok" });
}

/**
 * `GET /readyz`: this process can serve. An outage of something that all replicas share does not
 * make it unready: that would take the whole fleet away while cached keys still work.
 */
export async function answerReady(_exchange: Exchange): Promise<Reply> {
  const runtime = getRuntime();
  if (runtime === undefined) {
    return probe(503, { status: "starting" });
  }
  return runtime.draining ? probe(503, { status: "draining" }) : probe(200, { status: "ok" });
}

function probe(status: number, body: Record<string, unknown>): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}
