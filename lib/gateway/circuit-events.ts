import { sharedNow } from "#lib/clock.ts";
import {
  type CircuitEventRow,
  deleteOldCircuitEvents,
  insertCircuitEvents,
} from "#lib/db/circuit-events.ts";
import { getDb } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { getLog } from "#lib/log.ts";
import { getHealth } from "#lib/routing/health.ts";

/** How long a change waits for others, so that a storm of them is one statement. */
const GATHER_MS = 500;
/** What is kept while the database is away; the oldest go first. */
const MAX_WAITING = 1000;
const KEPT_MS = 90 * 24 * 3_600_000;

/**
 * Writes every change of a breaker of this process into the database, a moment later and never in
 * a request's way: the listener only notes the change, a timer stores it. What cannot be stored is
 * tried again with the next change.
 */
export function recordCircuits({ instanceId }: { instanceId: string | null }): {
  stop(): Promise<void>;
} {
  const waiting: CircuitEventRow[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastMs = 0;
  let running: Promise<void> = Promise.resolve();

  const store = async (): Promise<void> => {
    const rows = waiting.splice(0);
    try {
      await insertCircuitEvents(getDb("batch"), rows);
    } catch (error) {
      waiting.unshift(...rows);
      getLog().warn({ err: error }, "Changes of circuits could not be stored yet.");
    }
  };
  const flush = (): Promise<void> => {
    timer = undefined;
    running = running.then(store);
    return running;
  };
  const forget = getHealth().onChange((event) => {
    if (event.kind !== "breaker") {
      return;
    }
    const { deploymentId, to, reason } = event;
    // Two changes in one millisecond have to keep their order.
    lastMs = Math.max(sharedNow(), lastMs + 1);
    const at = new Date(lastMs);
    waiting.push({ id: newId(), deploymentId, at, state: to, reason, instanceId });
    waiting.splice(0, waiting.length - MAX_WAITING);
    timer ??= setTimeout(flush, GATHER_MS).unref();
  });
  return {
    async stop() {
      forget();
      clearTimeout(timer);
      await flush();
    },
  };
}

/** A job: changes older than three months are of no use to anybody. */
export async function purgeCircuitEvents(): Promise<string> {
  const before = new Date(Date.now() - KEPT_MS);
  const count = await deleteOldCircuitEvents(getDb("batch"), { before });
  return count === 0 ? "Nothing was old enough." : `Removed ${count} changes of circuits.`;
}
