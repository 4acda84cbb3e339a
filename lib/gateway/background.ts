import { join } from "node:path";
import { deleteAllExactEntries } from "#lib/db/cache-entries.ts";
import { databaseKind, getDb, getSql } from "#lib/db/client.ts";
import type { ConfigWatch } from "#lib/db/config-version.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import type { Env } from "#lib/env.ts";
import { replayJournal } from "#lib/ledger/replay.ts";
import { settleReplayed } from "#lib/limits/settle-replayed.ts";
import { getLog } from "#lib/log.ts";
import { recordCircuits } from "./circuit-events.ts";
import { startHeartbeat } from "./instances.ts";
import { startJobs } from "./jobs.ts";
import { takeLastSteps } from "./last-steps.ts";
import type { Runtime } from "./runtime.ts";

/** One process that keeps answers in its memory begins with none, whatever its table still lists. */
export async function clearLocalAnswers(env: Env): Promise<void> {
  const isShared = env.redisUrl !== undefined || env.upstash !== undefined;
  if (!isShared && databaseKind() === "embedded") {
    await deleteAllExactEntries(getDb("batch"));
  }
}

/** The journal of the last run goes to the database before anything counts on its figures. */
export async function replayLastRun(env: Env, { journal }: Runtime): Promise<void> {
  if (env.journal === "off") {
    return;
  }
  await replayJournal({
    directory: join(env.dataDir, "journal"),
    ownBootId: journal.bootId,
    async insert(rowsJson) {
      await settleReplayed(rowsJson);
      return await insertRecords(getSql("batch"), rowsJson);
    },
    onProblem: (message, cause) => getLog().error({ err: cause }, message),
  });
}

/** Starts what runs beside the requests; gives the function that ends it. */
export async function startBackground(
  env: Env,
  runtime: Runtime,
  { watcher, clock }: { watcher: ConfigWatch; clock: { stop(): void } },
): Promise<() => Promise<void>> {
  const heartbeat = env.serverless ? undefined : await startHeartbeat(runtime);
  const circuits = recordCircuits({ instanceId: heartbeat?.id ?? null });
  const jobs = startJobs();
  return () =>
    takeLastSteps([
      { name: "the clock", run: () => clock.stop() },
      // Each run is made of statements that stand alone, and the next process runs it again.
      { name: "background jobs", run: () => jobs.stop() },
      { name: "changes of circuits", run: () => circuits.stop(), withinMs: 1_000 },
      { name: "the heartbeat", run: () => heartbeat?.stop(), withinMs: 1_000 },
      { name: "the watch over changes", run: () => watcher.stop() },
    ]);
}
