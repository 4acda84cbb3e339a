import { loadSecrets } from "#lib/auth/bootstrap.ts";
import { databaseKind } from "#lib/db/client.ts";
import { watchChanges } from "#lib/db/config-version.ts";
import { refreshSettings } from "#lib/db/settings.ts";
import { configureSnapshots, refreshSnapshot } from "#lib/db/snapshot.ts";
import { getEnv } from "#lib/env.ts";
import { takeOver } from "#lib/gateway/changes.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import { closeLimits, configureLimits } from "#lib/limits/configure.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { TEST_SECRETS } from "./gateway.ts";

/** What the console stands on: a database of the test's own, secrets, settings, a snapshot. */
export interface ConsoleWorld {
  database: TestDatabase;
  /** Loads the secrets anew, as after a test that took them away. */
  reloadSecrets(): Promise<void>;
  close(): Promise<void>;
}

/** Opens it. `env` adds settings to those of the test. */
export async function openConsoleWorld(env: Record<string, string> = {}): Promise<ConsoleWorld> {
  Object.assign(process.env, { ...TEST_SECRETS, CONDUIT_LOG_LEVEL: "fatal", ...env });
  dropSingleton("env");
  const database = await openTestDatabase();
  const load = () => loadSecrets({ ...getEnv(), dataDir: database.dataDir });
  const secrets = await load();
  configureSnapshots({ masterKeys: secrets.masterKeys, compilePrice });
  configureLimits({ env: getEnv(), databaseKind: databaseKind() });
  await refreshSnapshot();
  await refreshSettings();
  const watcher = await watchChanges({ onChange: takeOver, onlyWhenAsked: true });
  return {
    database,
    reloadSecrets: async () => {
      await load();
    },
    close: async () => {
      await watcher.stop();
      await closeLimits();
      await database.close();
    },
  };
}
