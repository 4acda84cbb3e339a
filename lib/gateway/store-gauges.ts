import { sharedNow } from "#lib/clock.ts";
import { changesKnownUntilMs } from "#lib/db/config-version.ts";
import { isDatabaseUp } from "#lib/db/reach.ts";
import { configProblem, currentSnapshot } from "#lib/db/snapshot.ts";
import { getLimits } from "#lib/limits/configure.ts";
import { getRuntime } from "./runtime.ts";

/** How this process stands to its stores, and how old what it serves by is. */
export const STORE_GAUGES: readonly [name: string, help: string, value: () => number][] = [
  ["conduit_database_up", "0 while the database does not answer.", () => Number(isDatabaseUp())],
  [
    "conduit_redis_up",
    "0 while the Redis that is configured does not answer.",
    () => Number(isRunning() && getLimits().shared?.redis.isUp !== false),
  ],
  [
    "conduit_config_version",
    "The last change of the configuration that is in use.",
    () => (isRunning() ? currentSnapshot().version : 0),
  ],
  [
    "conduit_config_age_seconds",
    "How long ago the database was last known to hold no other configuration.",
    () => Math.max(0, sharedNow() - (changesKnownUntilMs() ?? sharedNow())) / 1000,
  ],
  [
    "conduit_config_invalid",
    "Rows of the configuration that make no sense; the last good one is in use meanwhile.",
    () => configProblem()?.problems.length ?? 0,
  ],
];

function isRunning(): boolean {
  return getRuntime() !== undefined;
}
