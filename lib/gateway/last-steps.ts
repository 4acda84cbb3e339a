import { setTimeout as sleep } from "node:timers/promises";
import { getLog } from "#lib/log.ts";

/** One thing that a process does before it ends. */
export interface LastStep {
  /** What is done, as the log names it. */
  name: string;
  run: () => Promise<unknown> | unknown;
  /** How long the steps behind it wait for this one; `STEP_MS` when left out. */
  withinMs?: number;
}

/** What asks a store once, or closes a connection, takes a fraction of this. */
const STEP_MS = 2_000;

/**
 * Takes the steps in order, each whatever became of those before it: one that fails or hangs must not
 * keep the others from storing and closing what is theirs, nor turn an orderly end into a failed one.
 * Says in the log which one did. Never rejects.
 */
export async function takeLastSteps(steps: readonly LastStep[]): Promise<void> {
  for (const { name, run, withinMs = STEP_MS } of steps) {
    const over = new AbortController();
    const late = sleep(withinMs, LATE, { signal: over.signal }).catch(() => undefined);
    try {
      if ((await Promise.race([begin(run), late])) === LATE) {
        getLog().warn({ step: name, withinMs }, "a step of the shutdown takes too long");
      }
    } catch (error) {
      getLog().error({ err: error, step: name }, "a step of the shutdown failed");
    } finally {
      over.abort();
    }
  }
}

const LATE = Symbol("late");

/** What is thrown before anything was awaited comes the same way as what is thrown afterwards. */
async function begin(run: LastStep["run"]): Promise<void> {
  await run();
}
