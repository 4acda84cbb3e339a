import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { announceStop } from "#lib/stopping.ts";
import { getRuntime } from "./runtime.ts";
import type { Started } from "./start.ts";

/** How long new requests are still served while load balancers notice the failing probe. */
const LAME_DUCK_MS = 8000;
/** How long a cut stream has to write its last event. */
const LAST_WORDS_MS = 1000;
const LAST_RECORDS_MS = 5000;

/** A second signal ends the waiting. */
const hurry = new AbortController();
let ending: Promise<void> | undefined;

/**
 * The one way to stop: the readiness probe fails, requests under way may finish for
 * `CONDUIT_DRAIN_SECONDS`, what still streams then gets an error event, and everything is flushed.
 * Called again, it stops waiting. `lameDuck` keeps accepting for a while first, which load balancers
 * need to notice and a person at a terminal does not.
 */
export function shutDown(
  server: Server,
  started: Started,
  { lameDuck }: { lameDuck: boolean },
): Promise<void> {
  if (ending !== undefined) {
    hurry.abort();
  }
  ending ??= end(server, started, lameDuck);
  return ending;
}

async function end(server: Server, started: Started, lameDuck: boolean): Promise<void> {
  const env = getEnv();
  const runtime = getRuntime();
  const drainMs = env.drainSeconds * 1000;
  if (runtime !== undefined) {
    runtime.draining = true;
    getLog().info(
      { active: runtime.active.size, drainSeconds: env.drainSeconds },
      "shutting down: waiting for the requests under way; a second signal cuts them",
    );
  }
  await wait(lameDuck ? Math.min(LAME_DUCK_MS, drainMs) : 0);
  announceStop();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, wait(drainMs)]);
  for (const request of runtime?.active ?? []) {
    request.abort(
      new ConduitError("server_shutdown", { message: "The gateway is shutting down." }),
    );
  }
  await Promise.race([closed, sleep(runtime?.active.size ? LAST_WORDS_MS : 0)]);
  server.closeAllConnections();
  await lastRecords();
  await started.stop();
}

/** Requests whose connections were just closed still have a record to write. */
async function lastRecords(): Promise<void> {
  const giveUpAt = performance.now() + LAST_RECORDS_MS;
  while ((getRuntime()?.active.size ?? 0) > 0 && performance.now() < giveUpAt) {
    await sleep(20);
  }
}

async function wait(ms: number): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: hurry.signal });
  } catch {
    // A second signal came: go on at once.
  }
}
