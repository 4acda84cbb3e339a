import { clockSkewMs, syncClock } from "#lib/clock.ts";
import { databaseKind } from "#lib/db/client.ts";
import { readDatabaseTimeMs } from "#lib/db/time.ts";
import type { Env } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";

const SYNC_MS = 15_000;
/** A machine whose clock is further off than this is told of. */
const TELL_MS = 2_000;

/**
 * Keeps this process on the database's time, which all replicas share. Without an answer the last
 * reading goes on, by a clock that nobody sets. The embedded database has no other process to agree
 * with, and on a serverless host no clock runs while the process is frozen: both keep the machine's.
 */
export async function startSharedClock(env: Pick<Env, "serverless">): Promise<{ stop(): void }> {
  if (env.serverless || databaseKind() === "embedded") {
    return { stop: () => undefined };
  }
  let told = false;
  const sync = async (): Promise<void> => {
    try {
      await syncClock(readDatabaseTimeMs);
    } catch (error) {
      getLog().debug({ err: error }, "the database did not tell the time");
      return;
    }
    const skewMs = clockSkewMs();
    const isOff = Math.abs(skewMs) > TELL_MS;
    if (isOff && !told) {
      getLog().warn(
        { skewMs },
        "this machine's clock differs from the database's; limits and expiries go by the database's",
      );
    }
    told = isOff;
  };
  await sync();
  const timer = setInterval(() => void sync(), SYNC_MS).unref();
  return { stop: () => clearInterval(timer) };
}
