import { isDatabaseUp } from "#lib/db/reach.ts";
import { configProblem } from "#lib/db/snapshot.ts";
import { getLimits } from "#lib/limits/configure.ts";
import { refusedConnections } from "./descriptors.ts";
import { isMemoryShort } from "./pressure.ts";
import type { Runtime } from "./runtime.ts";

/** What `/readyz` names while requests are served on without it. */
export type Degradation =
  | "journal"
  | "database"
  | "redis"
  | "configuration"
  | "memory"
  | "descriptors";

/** What this process has to do without at the moment; empty when all is well. */
export function degradations({ journal, recorder }: Runtime): Degradation[] {
  const signs: Readonly<Record<Degradation, boolean>> = {
    journal: journal.stats().isFailing,
    database: !isDatabaseUp() || recorder.stats().failures > 0,
    redis: getLimits().shared?.redis.isOut === true,
    configuration: configProblem() !== undefined,
    memory: isMemoryShort(),
    descriptors: refusedConnections().isRecent,
  };
  // The record above has exactly these keys.
  return (Object.keys(signs) as Degradation[]).filter((name) => signs[name]);
}

/**
 * Whether a record of what a request cost would be safe nowhere: the journal takes nothing, and what
 * it did not take waits in memory because the database takes nothing either.
 */
export function isLedgerOut({ journal, recorder }: Runtime): boolean {
  return journal.stats().isFailing && recorder.stats().unsafeRows > 0;
}
