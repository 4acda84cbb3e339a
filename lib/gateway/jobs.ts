import { getSql } from "#lib/db/client.ts";
import { ensurePartitions } from "#lib/db/partitions.ts";
import { reapReservations } from "#lib/limits/reap.ts";
import { getLog } from "#lib/log.ts";

/** Work that no request waits for. */
interface Job {
  name: string;
  everyMs: number;
  run: () => Promise<unknown>;
}

const MINUTE_MS = 60_000;
/** Partitions exist this long before their day begins, so that a long outage makes none missing. */
const DAYS_AHEAD = 3;

const JOBS: readonly Job[] = [
  {
    name: "partitions",
    everyMs: 60 * MINUTE_MS,
    run: () => ensurePartitions(getSql("batch"), { daysAhead: DAYS_AHEAD }),
  },
  { name: "reservations", everyMs: MINUTE_MS / 2, run: reapReservations },
];

/** Runs every job now and then at its interval. One that fails is logged and runs again. */
export function startJobs(): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const launch = (job: Job): void => {
    const run = runJob(job).finally(() => running.delete(run));
    running.add(run);
  };
  const timers = JOBS.map((job) => setInterval(launch, job.everyMs, job).unref());
  JOBS.forEach(launch);
  return {
    async stop() {
      for (const timer of timers) {
        clearInterval(timer);
      }
      await Promise.all(running);
    },
  };
}

/** Runs every job once and waits for all of them: the cron door of serverless hosts. */
export async function runJobs(): Promise<void> {
  await Promise.all(JOBS.map(runJob));
}

async function runJob(job: Job): Promise<void> {
  try {
    await job.run();
  } catch (error) {
    getLog().error({ err: error, job: job.name }, "a background job failed");
  }
}
