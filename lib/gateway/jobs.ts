import { JOB_NAMES, JOBS, type JobName } from "#lib/catalog/jobs.ts";
import { sharedNow } from "#lib/clock.ts";
import { vacuumEmbeddings } from "#lib/db/cache-embeddings.ts";
import { deleteExpiredEntries } from "#lib/db/cache-entries.ts";
import { deleteCacheLookups } from "#lib/db/cache-lookups.ts";
import { databaseKind, getDb, getSql } from "#lib/db/client.ts";
import { deleteExpiredAccess } from "#lib/db/expired-access.ts";
import { recordJobEnd, recordJobStart } from "#lib/db/jobs.ts";
import { ensurePartitions } from "#lib/db/partitions.ts";
import { reapReservations } from "#lib/limits/reap.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { runBudgetCheck } from "./budget-check.ts";
import { purgeCircuitEvents } from "./circuit-events.ts";
import { applyRetention } from "./retention.ts";

/** Partitions exist this long before their day begins, so that a long outage makes none missing. */
const DAYS_AHEAD = 3;
/** What gave access once is kept for so long after its end, for those who ask what became of it. */
const ACCESS_KEPT_MS = 30 * 86_400_000;

/** Look-ups by meaning are kept for the week over which a threshold is chosen, and a day more. */
const LOOKUPS_KEPT_MS = 8 * 86_400_000;

/** What each job does. It tells its result in words; `undefined` when another replica is at it. */
const RUNS: Readonly<Record<JobName, () => Promise<string | undefined>>> = {
  async partitions() {
    const made = await ensurePartitions(getSql("batch"), { daysAhead: DAYS_AHEAD });
    return made.length === 0 ? "All partitions were there." : `Made ${made.length} partitions.`;
  },
  retention: applyRetention,
  async reservations() {
    const count = await reapReservations();
    return count === 0 ? "Nothing was left open." : `Settled ${count} left open.`;
  },
  budget_check: runBudgetCheck,
  async expired_access() {
    const before = new Date(sharedNow() - ACCESS_KEPT_MS);
    const gone = await deleteExpiredAccess(getDb("batch"), { before });
    return `Removed ${gone.sessions} sessions, ${gone.invites} invitations, ${gone.resets} reset links, ${gone.failures} failed sign-ins.`;
  },
  circuit_events: purgeCircuitEvents,
  async cache_entries() {
    const count = await deleteExpiredEntries(getDb("batch"), { before: new Date(sharedNow()) });
    await deleteCacheLookups(getDb("batch"), { before: new Date(sharedNow() - LOOKUPS_KEPT_MS) });
    if (count > 0 && databaseKind() === "embedded") {
      await vacuumEmbeddings(getSql("batch"));
    }
    return count === 0 ? "No entry was over." : `Struck ${count} entries off.`;
  },
};

/** The runs of this process that are under way: the shutdown waits for them. */
function underWay(): Set<Promise<void>> {
  return singleton("gateway.jobs", () => new Set<Promise<void>>());
}

/** Runs every job now and then at its interval. One that fails says so and runs again. */
export function startJobs(): { stop(): Promise<void> } {
  const timers = JOB_NAMES.map((name) => setInterval(launchJob, JOBS[name].everyMs, name).unref());
  JOB_NAMES.forEach(launchJob);
  return {
    async stop() {
      for (const timer of timers) {
        clearInterval(timer);
      }
      await Promise.all(underWay());
    },
  };
}

/** Runs a job as soon as possible, and waits for nothing. */
export function launchJob(name: JobName): void {
  const run = runJob(name).finally(() => underWay().delete(run));
  underWay().add(run);
}

/** Runs every job once and waits for all of them: the cron door of serverless hosts. */
export async function runJobs(): Promise<void> {
  await Promise.all(JOB_NAMES.map(runJob));
}

async function runJob(name: JobName): Promise<void> {
  const startedAt = new Date(sharedNow());
  try {
    await recordJobStart(getDb("batch"), { name, startedAt });
    const result = await RUNS[name]();
    if (result !== undefined) {
      await note(name, startedAt, { ok: true, result });
    }
  } catch (error) {
    getLog().error({ err: error, job: name }, "a background job failed");
    await note(name, startedAt, { ok: false, result: reasonOf(error) });
  }
}

/** A database that takes no note of a run has made the run itself fail, and that was logged. */
async function note(
  name: JobName,
  startedAt: Date,
  end: { ok: boolean; result: string },
): Promise<void> {
  const finishedAt = new Date(sharedNow());
  const durationMs = finishedAt.getTime() - startedAt.getTime();
  await recordJobEnd(getDb("batch"), { name, startedAt, finishedAt, durationMs, ...end }).catch(
    (error: unknown) => getLog().warn({ err: error, job: name }, "a job's run could not be noted"),
  );
}

const MAX_REASON = 500;

/** The innermost cause: a driver's error says more than the query it was thrown for. */
function reasonOf(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) {
    cause = cause.cause;
  }
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, MAX_REASON);
}
