import { takeChanges } from "#lib/db/config-version.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { getRuntime } from "./runtime.ts";

/** How old the configuration of a serverless instance may be. */
const MAX_AGE_MS = 5000;

/**
 * Takes over what other instances changed, where no background work can: a serverless process is
 * frozen between requests, so the request itself asks when nobody has for five seconds. A database
 * that does not answer leaves the last configuration in use.
 */
export async function keepFresh(): Promise<void> {
  if (getRuntime() === undefined) {
    return;
  }
  const checked = singleton("gateway.freshness", () => ({ atMs: currentSnapshot().loadedAtMs }));
  if (Date.now() - checked.atMs < MAX_AGE_MS) {
    return;
  }
  checked.atMs = Date.now();
  try {
    await takeChanges();
  } catch (error) {
    getLog().warn({ err: error }, "configuration changes could not be read");
  }
}
