import { join } from "node:path";
import { loadSecrets, type Secrets } from "#lib/auth/bootstrap.ts";
import { flushUses } from "#lib/auth/last-used.ts";
import { setupToken } from "#lib/auth/setup-token.ts";
import { closeCache, configureCache } from "#lib/cache/configure.ts";
import { flushLookups } from "#lib/cache/lookup-sample.ts";
import { closeDatabase, databaseKind, getDb, getSql, openDatabase } from "#lib/db/client.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { insertPayloads } from "#lib/db/request-payloads.ts";
import { configureSnapshots } from "#lib/db/snapshot.ts";
import { type Env, getEnv, SettingsError } from "#lib/env.ts";
import { openJournal } from "#lib/ledger/journal.ts";
import { startPayloadWriter } from "#lib/ledger/payloads.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import { startRecorder } from "#lib/ledger/record.ts";
import { loadTokenizer } from "#lib/ledger/token-count.ts";
import { closeLimits, configureLimits, getLimits } from "#lib/limits/configure.ts";
import { getLog } from "#lib/log.ts";
import { closeCarry, configureCarry } from "#lib/providers/carry.ts";
import { closeEgress } from "#lib/providers/egress.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { type DatabaseLink, linkDatabase } from "./database-link.ts";
import { takeLastSteps } from "./last-steps.ts";
import { clearRuntime, type Runtime, setRuntime } from "./runtime.ts";

export interface Started {
  secrets: Secrets;
  /** What the setup of the console asks for; `undefined` once it is finished, and without the database. */
  setupToken: string | undefined;
  /** Flushes and closes everything; the process may exit afterwards. */
  stop(): Promise<void>;
}

export interface StartOptions {
  onWaiting?: () => Promise<void>;
}

const NAME = "gateway.start";
const FLUSH_MS = 5000;
const FLUSH_AWAY_MS = 100;
/** Jobs and the parts of the link have bounds of their own, which come to less. */
const LINK_MS = 8_000;
/** The embedded database writes down what it has in memory; a server is left after five seconds. */
const CLOSE_MS = 15_000;

/**
 * Brings the gateway up, once per process however often it is called: database and schema, first
 * secrets, the journal of the last run, configuration, limits, background work. A database server that
 * is away does not end the start: it begins with the last good configuration on disk, or waits.
 * `onWaiting` is called in that case, once. Throws `SettingsError` and the database's own refusals,
 * which carry an `exitCode`.
 */
export function start({ onWaiting = async () => undefined }: StartOptions = {}): Promise<Started> {
  return singleton(NAME, () =>
    boot(onWaiting).catch((error: unknown) => {
      // A serverless host asks again with the next request; a server exits with this error.
      dropSingleton(NAME);
      throw error;
    }),
  );
}

async function boot(onWaiting: () => Promise<void>): Promise<Started> {
  const env = getEnv();
  for (const warning of env.warnings) {
    getLog().warn(warning);
  }
  assertServerless(env);
  await openDatabase({ ...env, unasked: true });
  const secrets = await loadSecrets(env);
  configureSnapshots({ masterKeys: secrets.masterKeys, compilePrice });
  configureLimits({ env, databaseKind: databaseKind() });
  configureCarry(getLimits().shared ?? env);
  configureCache({ env, masterKeys: secrets.masterKeys });
  const runtime = await openRuntime(env, secrets);
  // Until it is there, estimates count bytes; loading it under traffic would stall that traffic.
  await loadTokenizer();
  const link = await linkDatabase({ env, secrets, runtime, onWaiting });
  const token = link.isJoined ? await setupToken() : undefined;
  // Ready from here on, and nothing may come between this and the pages that `server.ts` opens.
  setRuntime(runtime);
  return {
    secrets,
    setupToken: token,
    stop: () => stop(runtime, link),
  };
}

/** What runs ends first, then everything is stored that waits, then everything is closed. */
async function stop({ journal, recorder, payloads }: Runtime, link: DatabaseLink): Promise<void> {
  // Without the database the journal has the rows, and waiting would bring nothing.
  const flushMs = () => (link.isUp() ? FLUSH_MS : FLUSH_AWAY_MS);
  await takeLastSteps([
    { name: "background work", run: () => link.stop(), withinMs: LINK_MS },
    { name: "look-ups of the cache", run: flushLookups },
    { name: "the journal", run: () => journal.close() },
    { name: "usage records", run: () => recorder.stop(flushMs()), withinMs: FLUSH_MS * 2 },
    { name: "payloads", run: () => payloads.stop(flushMs()), withinMs: FLUSH_MS * 2 },
    { name: "the cache", run: closeCache },
    { name: "last uses of keys", run: flushUses },
    { name: "connections to providers", run: closeEgress },
    { name: "the state of providers", run: closeCarry },
    { name: "limits", run: closeLimits },
    { name: "the claim on the database", run: () => link.release() },
    { name: "the database", run: closeDatabase, withinMs: CLOSE_MS },
  ]);
  clearRuntime();
  dropSingleton(NAME);
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
  const payloads = startPayloadWriter({
    masterKeys,
    insert: (rows) => insertPayloads(getDb("batch"), rows),
    onProblem,
  });
  return { journal, recorder, payloads, draining: false, active: new Set() };
}
