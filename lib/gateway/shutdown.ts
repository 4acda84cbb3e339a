import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { announceStop } from "#lib/stopping.ts";
import { getRuntime } from "./runtime.ts";
import type { Started } from "./start.ts";

/** How long a cut stream has to write its last event. */
const LAST_WORDS_MS = 1000;
const LAST_RECORDS_MS = 5000;
/** How often connections are looked for that were kept alive and have nothing more to do. */
const SWEEP_MS = 50;
/** Longer than a page takes; requests of the API are counted while they are under way. */
const QUIET_MS = 5000;

export interface Patience {
  /** How long new requests are still served while load balancers notice the failing probe. */
  lameDuckMs: number;
  /** How long requests under way may take to finish after that. */
  drainMs: number;
}

const hurry = new AbortController();
let ending: Promise<void> | undefined;

/**
 * The one way to stop: the readiness probe fails while new requests are still served, requests under
 * way may finish, what still streams then gets an error event, and everything is flushed. Called
 * again, it is the same ending.
 */
export function shutDown(server: Server, started: Started, patience: Patience): Promise<void> {
  ending ??= end(server, started, patience);
  return ending;
}

/** Ends the waiting of a shutdown that is under way: a second signal asks for that. */
export function hurryShutdown(): void {
  hurry.abort();
}

async function end(server: Server, started: Started, patience: Patience): Promise<void> {
  const runtime = getRuntime();
  if (runtime !== undefined) {
    runtime.draining = true;
    getLog().info(
      { active: runtime.active.size, ...patience },
      "shutting down: waiting for the requests under way; a second signal cuts them",
    );
  }
  closeAfterAnswers(server);
  await wait(patience.lameDuckMs);
  announceStop();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A server that no longer listens does not look after connections that become idle by itself.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  await Promise.race([closed, wait(patience.drainMs), allQuiet()]);
  for (const request of runtime?.active ?? []) {
    request.abort(
      new ConduitError("server_shutdown", { message: "The gateway is shutting down." }),
    );
  }
  await Promise.race([closed, sleep(runtime?.active.size ? LAST_WORDS_MS : 0)]);
  clearInterval(sweep);
  server.closeAllConnections();
  await lastRecords();
  await started.stop();
}

/**
 * Resolves when no request has been under way for some seconds: a connection that was opened ahead
 * and never spoke counts as neither idle nor closed, and nothing is lost with it.
 */
async function allQuiet(): Promise<void> {
  let quietSinceMs = performance.now();
  while (performance.now() - quietSinceMs < QUIET_MS) {
    await sleep(SWEEP_MS, undefined, { ref: false });
    if ((getRuntime()?.active.size ?? 0) > 0) {
      quietSinceMs = performance.now();
    }
  }
}

/** Every answer from now on tells its client to come back on another connection. */
function closeAfterAnswers(server: Server): void {
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
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
