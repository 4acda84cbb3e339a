import { degradations } from "./degraded.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { loopLagMs } from "./pulse.ts";
import { getRuntime } from "./runtime.ts";

/** Stops shorter than this are no reason to start a process again. */
const MOST_LAG_MS = 10_000;

/** `GET /livez`: the event loop turns, and not only now and then. It asks nobody else. */
export async function answerLive(): Promise<Reply> {
  return loopLagMs() < MOST_LAG_MS
    ? probe(200, { status: "ok" })
    : probe(503, { status: "stalled" });
}

/**
 * `GET /readyz`: this process can serve. An outage of something that all replicas share does not
 * make it unready: that would take the whole fleet away while cached keys still work. What it has to
 * do without is named in `degraded`.
 */
export async function answerReady(_exchange: Exchange): Promise<Reply> {
  const runtime = getRuntime();
  if (runtime === undefined) {
    return probe(503, { status: "starting" });
  }
  if (runtime.draining) {
    return probe(503, { status: "draining" });
  }
  const degraded = degradations(runtime);
  return probe(200, { status: "ok", ...(degraded.length > 0 && { degraded }) });
}

function probe(status: number, body: Record<string, unknown>): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}
