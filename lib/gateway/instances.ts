import { hostname } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { sharedNow } from "#lib/clock.ts";
import { getDb } from "#lib/db/client.ts";
import {
  deleteInstance,
  deleteSilentInstances,
  type InstanceRow,
  saveHeartbeat,
} from "#lib/db/instances.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import { ledgerStats } from "#lib/ledger/stats.ts";
import { getLog } from "#lib/log.ts";
import { getHealth } from "#lib/routing/health.ts";
import { VERSION } from "#lib/version.ts";
import type { Runtime } from "./runtime.ts";

const BEAT_MS = 15_000;
/** A process that was silent for so long is gone, whatever it would say of itself. */
const SILENT_MS = 30 * 60_000;
const MIB = 1024 * 1024;
const NANOS_PER_MS = 1e6;
/** The delay is measured with a timer of this interval, which is part of every measurement. */
const LAG_RESOLUTION_MS = 20;

export interface Heartbeat {
  /** This process among those that share the database. */
  id: string;
  stop(): Promise<void>;
}

/**
 * Tells the other processes and the console every fifteen seconds that this one is alive and how it
 * does, and removes those that have fallen silent.
 */
export async function startHeartbeat(runtime: Runtime): Promise<Heartbeat> {
  const id = newId();
  const startedAt = new Date(sharedNow());
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  let beating: Promise<void> = Promise.resolve();

  const beat = async (): Promise<void> => {
    const seenAt = new Date(sharedNow());
    const loopLagMs = Math.max(0, lag.percentile(99) / NANOS_PER_MS - LAG_RESOLUTION_MS);
    lag.reset();
    try {
      await saveHeartbeat(getDb("batch"), {
        id,
        host: hostname(),
        version: VERSION,
        startedAt,
        seenAt,
        memoryMib: process.memoryUsage.rss() / MIB,
        loopLagMs,
        inFlight: runtime.active.size,
        queued: ledgerStats(runtime).queuedRows + runtime.payloads.stats().queued,
        circuits: openCircuits(),
      });
      const before = new Date(seenAt.getTime() - SILENT_MS);
      await deleteSilentInstances(getDb("batch"), { before });
    } catch (error) {
      getLog().warn({ err: error }, "the heartbeat of this process could not be stored");
    }
  };
  const next = (): void => {
    beating = beating.then(beat);
  };
  next();
  await beating;
  const timer = setInterval(next, BEAT_MS).unref();
  return {
    id,
    async stop() {
      clearInterval(timer);
      lag.disable();
      await beating;
      await deleteInstance(getDb("batch"), { id }).catch((error: unknown) =>
        getLog().warn({ err: error }, "this process could not sign off"),
      );
    },
  };
}

/** The breakers that are not closed, as this process sees them. */
function openCircuits(): InstanceRow["circuits"] {
  return [...currentSnapshot().deployments.keys()].flatMap((deploymentId) => {
    const { state, sinceMs, reason } = getHealth().healthOf(deploymentId);
    const since = new Date(sinceMs).toISOString();
    return state === "closed" ? [] : [{ deploymentId, state, since, reason }];
  });
}
