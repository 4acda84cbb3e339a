import { sharedNow } from "#lib/clock.ts";
import type { HealthReport, HealthStrip } from "#lib/contract/health-report.ts";
import { databaseKind, getDb, getSql } from "#lib/db/client.ts";
import { listInstances } from "#lib/db/instances.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getLimits } from "#lib/limits/configure.ts";
import { getLog } from "#lib/log.ts";
import { getHealth } from "#lib/routing/health.ts";
import type { Actor } from "./actor.ts";
import { readCircuitBoard } from "./circuit-board.ts";
import { showInstances, showJobs } from "./jobs.ts";
import { askRedis } from "./redis-state.ts";

/** Three heartbeats: of a process that was silent for longer, nothing is known. */
const ALIVE_MS = 45_000;

/** What each state of Redis means for requests, in words. */
const REDIS_EFFECTS = {
  ok: "Rate limits, budgets and parallel requests are counted over all processes.",
  not_configured:
    "Limits and budgets are counted in this process, which is right while there is only one.",
  unavailable:
    "Each process lets through its share of a rate limit, and budgets are decided by the database, which is slower. Nothing is let through without a limit.",
} as const;

/** Everything that the health page shows. A database that is away is part of the answer. */
export async function showHealth(actor: Actor): Promise<HealthReport> {
  const database = await pingDatabase();
  const redis = await askRedis();
  const stored = database.ok ? await readStored(actor) : NOTHING_STORED;
  const alive = stored.instances.filter((instance) => !instance.silent);
  return {
    at: new Date().toISOString(),
    database: { ...database, kind: databaseKind() },
    redis: { state: redis, effect: REDIS_EFFECTS[redis] },
    loop_lag_ms: alive.length === 0 ? null : Math.max(...alive.map((each) => each.loop_lag_ms)),
    queued: alive.length === 0 ? null : alive.reduce((sum, each) => sum + each.queued, 0),
    is_mixed: new Set(alive.map((each) => each.version)).size > 1,
    ...stored,
  };
}

type Stored = Pick<HealthReport, "instances" | "jobs" | "circuits">;

const NOTHING_STORED: Stored = { instances: [], jobs: [], circuits: [] };

async function readStored(actor: Actor): Promise<Stored> {
  const { instances } = await showInstances(actor);
  const { jobs } = await showJobs(actor);
  const since = new Date(sharedNow() - ALIVE_MS);
  const alive = await listInstances(getDb("console"), { since });
  return { instances, jobs, circuits: await readCircuitBoard(alive) };
}

async function pingDatabase(): Promise<{ ok: boolean; ms: number | null }> {
  const startedAt = performance.now();
  try {
    await getSql("console")`select 1`;
    return { ok: true, ms: performance.now() - startedAt };
  } catch (error) {
    getLog().warn({ err: error }, "The database does not answer.");
    return { ok: false, ms: null };
  }
}

/** The one line for everybody, without figures of the install: can answers be expected. */
export function showHealthStrip(): HealthStrip {
  const active = [...currentSnapshot().deployments.values()].filter((each) => each.isActive);
  const resting = active.filter(({ id }) => getHealth().healthOf(id).state === "open");
  if (active.length > 0 && resting.length === active.length) {
    return { state: "down", text: "No deployment can be reached at present." };
  }
  if (resting.length > 0) {
    const names =
      resting.length === 1 ? "1 deployment rests" : `${resting.length} deployments rest`;
    return { state: "degraded", text: `${names} after failures; others answer.` };
  }
  return getLimits().shared?.redis.isOut === true
    ? { state: "degraded", text: "Limits are kept without Redis at present." }
    : { state: "ok", text: "All deployments are reachable." };
}
