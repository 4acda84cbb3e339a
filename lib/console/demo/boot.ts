import { loadSecrets } from "#lib/auth/bootstrap.ts";
import { closeDatabase, databaseKind, openDatabase } from "#lib/db/client.ts";
import { migrate } from "#lib/db/migrate.ts";
import { configureSnapshots, refreshSnapshot } from "#lib/db/snapshot.ts";
import { getEnv } from "#lib/env.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import { closeLimits, configureLimits } from "#lib/limits/configure.ts";

/**
 * Opens what the console's functions stand on, for a script that serves nobody: the database with
 * its schema, the secrets, the configuration. Returns the function that closes it again.
 */
export async function openConsole(): Promise<() => Promise<void>> {
  const env = getEnv();
  await openDatabase(env);
  const close = async (): Promise<void> => {
    await closeLimits();
    await closeDatabase();
  };
  try {
    await migrate();
    const secrets = await loadSecrets(env);
    configureSnapshots({ masterKeys: secrets.masterKeys, compilePrice });
    configureLimits({ env, databaseKind: databaseKind() });
    await refreshSnapshot();
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}
