import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";

/** Failures in a row after which the database is left alone. */
const FAILURES_TO_CLOSE = 3;
/** How often a database that answers is asked whether it still does. */
const CALM_MS = 5_000;
/** The first and the longest pause between two questions to one that does not. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

interface Reach {
  isUp: boolean;
  failures: number;
  /** Whether the watcher's own question was among those that were not answered. */
  isPingSilent: boolean;
  /** Whether somebody finds out when it is back; without that nothing is ever left alone. */
  isWatched: boolean;
  listeners: Set<(isUp: boolean) => void>;
  /** Ends the watcher's pause early. */
  wake: () => void;
}

function reach(): Reach {
  return singleton("database-reach", () => ({
    isUp: true,
    failures: 0,
    isPingSilent: false,
    isWatched: false,
    listeners: new Set(),
    wake: () => undefined,
  }));
}

/** Whether the database answered when it was asked last. While it does not, nobody should wait for it. */
export function isDatabaseUp(): boolean {
  return reach().isUp;
}

/** What a caller is told who needs a database that does not answer: `not_ready` (503). */
export function databaseAway(cause?: unknown): ConduitError {
  return new ConduitError("not_ready", {
    message: "The database does not answer at the moment.",
    retryAfterMs: 1_000,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A question was answered in time. */
export function noteAnswer(): void {
  const held = reach();
  if (held.isUp) {
    forget(held);
  }
}

/**
 * A question was not answered, or too late. The third in a row shuts the way to the database when the
 * watcher got no answer either: it is made to ask at once, on a connection of its own. A server that
 * answers it is crowded and not away, and new connections for everybody would make that worse.
 */
export function noteSilence(cause: unknown): void {
  const held = reach();
  if (!held.isWatched) {
    return;
  }
  held.failures += 1;
  held.wake();
  if (held.isUp && held.isPingSilent && held.failures >= FAILURES_TO_CLOSE) {
    change(held, false, cause);
  }
}

/** Calls `listener` with every change from now on; returns the function that ends it. */
export function onReachChange(listener: (isUp: boolean) => void): () => void {
  const { listeners } = reach();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function forget(held: Reach): void {
  held.failures = 0;
  held.isPingSilent = false;
}

function change(held: Reach, isUp: boolean, cause?: unknown): void {
  held.isUp = isUp;
  forget(held);
  // One line for each change: an outage of an hour must not fill the log.
  if (isUp) {
    getLog().warn("The database answers again.");
  } else {
    getLog().error({ err: cause }, "The database does not answer; what is remembered is served.");
  }
  for (const listener of held.listeners) {
    listener(isUp);
  }
}

/**
 * Asks the database now and then whether it answers: every five seconds while it does, four times a
 * second and then more rarely while it does not. `ping` rejects when there was no answer in time.
 * `isUp` is what is known at the beginning.
 */
export function watchReach(options: { ping: () => Promise<void>; isUp: boolean }): {
  stop(): Promise<void>;
} {
  const held = reach();
  const stopping = new AbortController();
  held.isWatched = true;
  held.isUp = options.isUp;
  forget(held);
  const running = watch(held, options.ping, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      held.isWatched = false;
      held.isUp = true;
      held.wake();
      await running;
    },
  };
}

async function watch(held: Reach, ping: () => Promise<void>, stop: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!stop.aborted) {
    await pause(held, held.isUp && held.failures === 0 ? CALM_MS : pauseMs);
    if (stop.aborted) {
      return;
    }
    const failure = await failureOf(ping);
    if (failure === undefined) {
      pauseMs = FIRST_PAUSE_MS;
      noteSuccess(held, stop);
    } else {
      pauseMs = held.isUp ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      held.isPingSilent = true;
      noteSilence(failure.cause);
    }
  }
}

async function failureOf(ping: () => Promise<void>): Promise<{ cause: unknown } | undefined> {
  try {
    await ping();
    return undefined;
  } catch (cause) {
    return { cause };
  }
}

function noteSuccess(held: Reach, stop: AbortSignal): void {
  if (held.isUp) {
    forget(held);
  } else if (!stop.aborted) {
    change(held, true);
  }
}

/** Replicas that lost the database together should not all ask for it at once. */
function pause(held: Reach, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms * (0.8 + Math.random() * 0.4));
    timer.unref();
    function done(): void {
      clearTimeout(timer);
      held.wake = () => undefined;
      resolve();
    }
    held.wake = done;
  });
}
