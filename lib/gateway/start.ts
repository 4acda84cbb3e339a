import { join } from "node:path";
import { loadSecrets, type Secrets } from "#lib/auth/bootstrap.ts";
import { flushUses } from "#lib/auth/last-used.ts";
import { setupToken } from "#lib/auth/setup-token.ts";
import { closeCache, configureCache } from "#lib/cache/configure.ts";
import { flushLookups } from "#lib/cache/lookup-sample.ts";
import { deleteAllExactEntries } from "#lib/db/cache-entries.ts";
import { closeDatabase, databaseKind, getDb, getSql, openDatabase } from "#lib/db/client.ts";
import { watchChanges } from "#lib/db/config-version.ts";
import { claimInstance } from "#lib/db/locks.ts";
import { migrate } from "#lib/db/migrate.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { insertPayloads } from "#lib/db/request-payloads.ts";
import { refreshSettings } from "#lib/db/settings.ts";
import { configureSnapshots, refreshSnapshot } from "#lib/db/snapshot.ts";
import { type Env, getEnv, SettingsError } from "#lib/env.ts";
import { openJournal } from "#lib/ledger/journal.ts";
import { startPayloadWriter } from "#lib/ledger/payloads.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import { startRecorder } from "#lib/ledger/record.ts";
import { replayJournal } from "#lib/ledger/replay.ts";
import { loadTokenizer } from "#lib/ledger/token-count.ts";
import { closeLimits, configureLimits, getLimits } from "#lib/limits/configure.ts";
import { getLog } from "#lib/log.ts";
import { closeCarry, configureCarry } from "#lib/providers/carry.ts";
import { closeEgress } from "#lib/providers/egress.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { takeOver } from "./changes.ts";
import { recordCircuits } from "./circuit-events.ts";
import { startHeartbeat } from "./instances.ts";
import { startJobs } from "./jobs.ts";
import { clearRuntime, type Runtime, setRuntime } from "./runtime.ts";

export interface Started {
  secrets: Secrets;
  /** What the setup of the console asks for; `undefined` once that is finished. */
  setupToken: string | undefined;
  /** Flushes and closes everything; the process may exit afterwards. */
  stop(): Promise<void>;
}

const NAME = "gateway.start";
const FLUSH_MS = 5000;

/**
 * Brings the gateway up, once per process however often it is called: database and schema, first
 * secrets, the journal of the last run, configuration, limits, background work. Throws
 * `SettingsError` and the database's own errors, which carry an `exitCode`.
 */
export function start(): Promise<Started> {
  return singleton(NAME, () =>
    boot().catch((error: unknown) => {
      // A serverless host asks again with the next request; a server exits with this error.
      dropSingleton(NAME);
      throw error;
    }),
  );
}

async function boot(): Promise<Started> {
  const env = getEnv();
  for (const warning of env.warnings) {
    getLog().warn(warning);
  }
  assertServerless(env);
  await openDatabase(env);
  const secrets = await loadSecrets(env);
  await migrate();
  const instance = await claimInstance(env);
  configureSnapshots({ masterKeys: secrets.masterKeys, compilePrice });
  configureLimits({ env, databaseKind: databaseKind() });
  configureCarry(getLimits().shared ?? env);
  await openCache(env, secrets);
  const runtime = await openRuntime(env, secrets);
  await refreshSnapshot();
  await refreshSettings();
  // Until it is there, estimates count bytes; loading it under traffic would stall that traffic.
  await loadTokenizer();
  const watcher = await watchChanges({ onChange: takeOver, onlyWhenAsked: env.serverless });
  const heartbeat = env.serverless ? undefined : await startHeartbeat(runtime);
  const circuits = recordCircuits({ instanceId: heartbeat?.id ?? null });
  const jobs = startJobs();
  setRuntime(runtime);
  return {
    secrets,
    setupToken: await setupToken(),
    stop: async () => {
      await jobs.stop();
      await circuits.stop();
      await heartbeat?.stop();
      await watcher.stop();
      await flushLookups();
      await runtime.journal.close();
      await runtime.recorder.stop(FLUSH_MS);
      await runtime.payloads.stop(FLUSH_MS);
      await closeCache();
      await flushUses();
      await closeEgress();
      await closeCarry();
      await closeLimits();
      await instance.release();
      await closeDatabase();
      clearRuntime();
      dropSingleton(NAME);
    },
  };
}

/** Without a process that stays, only shared stores can hold what requests share. */
function assertServerless(env: Env): void {
  const hasStores =
    env.databaseUrl !== undefined && (env.redisUrl ?? env.upstash?.url) !== undefined;
  if (env.serverless && !hasStores) {
    throw new SettingsError(
      "Serverless mode needs DATABASE_URL and either REDIS_URL or the Upstash REST variables.",
    );
  }
}

/** One process that keeps answers in its memory begins with none, whatever its table still lists. */
async function openCache(env: Env, { masterKeys }: Secrets): Promise<void> {
  configureCache({ env, masterKeys });
  const isShared = env.redisUrl !== undefined || env.upstash !== undefined;
  if (!isShared && databaseKind() === "embedded") {
    await deleteAllExactEntries(getDb("batch"));
  }
}

/** The journal of the last run goes to the database before anything counts on its figures. */
async function openRuntime(env: Env, { masterKeys }: Secrets): Promise<Runtime> {
  const directory = join(env.dataDir, "journal");
  const onProblem = (message: string, cause: unknown): void =>
    getLog().error({ err: cause }, message);
  const insert = (rowsJson: string): Promise<number> => insertRecords(getSql("batch"), rowsJson);
  const recorder = startRecorder({
    insert,
    deadLetterPath: join(directory, "dead-letters.ndjson"),
    onProblem,
  });
  const journal = await openJournal({ directory, mode: env.journal, sink: recorder, onProblem });
  if (env.journal !== "off") {
    await replayJournal({ directory, ownBootId: journal.bootId, insert, onProblem });
  }
  const payloads = startPayloadWriter({
    masterKeys,
    insert: (rows) => insertPayloads(getDb("batch"), rows),
    onProblem,
  });
  return { journal, recorder, payloads, draining: false, active: new Set() };
}
