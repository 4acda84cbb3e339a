import { isJobName, JOB_NAMES, JOBS, type JobName } from "#lib/catalog/jobs.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { InstanceInfo, JobInfo } from "#lib/contract/job.ts";
import { getDb } from "#lib/db/client.ts";
import { type InstanceRow, listInstances } from "#lib/db/instances.ts";
import { type JobRow, listJobs } from "#lib/db/jobs.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { assertAllowed } from "./permission.ts";

/** A job is late when its time has come twice and the machine had a minute to get to it. */
const LATE_INTERVALS = 2;
const LATE_GRACE_MS = 60_000;
const SHOWN_MS = 10 * 60_000;
/** Three heartbeats. */
const SILENT_MS = 45_000;

/** Every background job with its last run. */
export async function showJobs(actor: Actor): Promise<{ jobs: JobInfo[] }> {
  assertAllowed(actor.principal, "health.read");
  const rows = await listJobs(getDb("console"));
  const byName = new Map(rows.filter(({ name }) => isJobName(name)).map((row) => [row.name, row]));
  const nowMs = Date.now();
  return { jobs: JOB_NAMES.map((name) => infoOf(name, byName.get(name), nowMs)) };
}

function infoOf(name: JobName, row: JobRow | undefined, nowMs: number): JobInfo {
  const { label, about, everyMs } = JOBS[name];
  const dueMs = everyMs * LATE_INTERVALS + LATE_GRACE_MS;
  return {
    name,
    label,
    about,
    every_seconds: everyMs / 1000,
    started_at: instantOf(row?.startedAt ?? null),
    finished_at: instantOf(row?.finishedAt ?? null),
    duration_ms: row?.durationMs ?? null,
    state: stateOf(row),
    result: row?.result ?? null,
    late: row !== undefined && nowMs - row.startedAt.getTime() > dueMs,
  };
}

function stateOf(row: JobRow | undefined): JobInfo["state"] {
  if (row === undefined) {
    return "never";
  }
  if (row.finishedAt === null) {
    return "running";
  }
  return row.ok === true ? "ok" : "failed";
}

/**
 * Has a job run now. The processes that serve hear of it as of any change, and run it; a job that
 * only one of them may do is done by the first.
 */
export async function requestJob(actor: Actor, name: JobName): Promise<void> {
  assertAllowed(actor.principal, "job.run");
  await applyChange(actor, async () => ({
    result: undefined,
    kind: "job",
    subjectId: name,
    action: "job.run",
  }));
}

/** The processes that serve, by their heartbeats; one that fell silent is shown for ten minutes. */
export async function showInstances(actor: Actor): Promise<{ instances: InstanceInfo[] }> {
  assertAllowed(actor.principal, "health.read");
  const nowMs = Date.now();
  const rows = await listInstances(getDb("console"), { since: new Date(nowMs - SHOWN_MS) });
  return { instances: rows.map((row) => instanceOf(row, nowMs)) };
}

function instanceOf(row: InstanceRow, nowMs: number): InstanceInfo {
  return {
    id: row.id,
    host: row.host,
    version: row.version,
    started_at: instantOf(row.startedAt),
    seen_at: instantOf(row.seenAt),
    silent: nowMs - row.seenAt.getTime() > SILENT_MS,
    memory_mib: row.memoryMib,
    loop_lag_ms: row.loopLagMs,
    in_flight: row.inFlight,
    queued: row.queued,
    open_circuits: row.circuits.length,
  };
}
