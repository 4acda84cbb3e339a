import type { Server } from "node:http";
import { isLostTypeQuery } from "#lib/db/lost-type-query.ts";
import { getEnv } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { countMishap } from "./mishaps.ts";
import { hurryShutdown, type Patience, shutDown } from "./shutdown.ts";
import type { Started } from "./start.ts";

/** What a start may still take once it is told to end; a migration is one transaction and is safe. */
const START_GRACE_MS = 10_000;
/** After a mistake of ours nobody should wait long for a process that nobody should trust. */
const FATAL_DRAIN_MS = 10_000;
/** What the last events, records and files may take beyond the patience that is configured. */
const FLUSH_GRACE_MS = 20_000;
const SIGNALS = { SIGTERM: 15, SIGINT: 2 } as const;

export interface Lifetime {
  /**
   * Told when there is something to shut down. False when the process is to end already; the
   * shutdown has begun then, and nothing more is to be started.
   */
  begin(server: Server, started: Started): boolean;
}

interface Ending {
  exitCode: number;
  patience: Patience;
}

/**
 * Listens for what ends the process, from its first moment on: signals, and exceptions that nobody
 * caught. A signal during the start lets the start finish, so that nothing is left half made, and
 * ends it then; a second one ends it at once.
 */
export function watchLifetime(): Lifetime {
  let running: { server: Server; started: Started } | undefined;
  let ending: Ending | undefined;
  let startGrace: NodeJS.Timeout | undefined;

  function end(next: Ending): void {
    if (ending === undefined && running === undefined) {
      startGrace = setTimeout(() => process.exit(next.exitCode), START_GRACE_MS).unref();
    }
    ending = { ...(ending ?? next), exitCode: Math.max(ending?.exitCode ?? 0, next.exitCode) };
    finish();
  }

  function finish(): void {
    if (running === undefined || ending === undefined) {
      return;
    }
    const { lameDuckMs, drainMs } = ending.patience;
    setTimeout(() => giveUp(), lameDuckMs + drainMs + FLUSH_GRACE_MS).unref();
    shutDown(running.server, running.started, ending.patience).then(
      () => process.exit(ending?.exitCode),
      (error: unknown) => {
        getLog().error({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  }

  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (ending !== undefined && running === undefined) {
        process.exit(128 + number);
      }
      if (ending !== undefined) {
        hurryShutdown();
      }
      end({ exitCode: 0, patience: patienceFor(signal) });
    });
  }
  process.on("uncaughtException", (error) => {
    countMishap("exception");
    getLog().fatal({ err: error }, "uncaught exception: the process ends");
    end(FATAL);
  });
  process.on("unhandledRejection", (error) => {
    if (isLostTypeQuery(error)) {
      getLog().warn({ err: error }, "a connection to the database was lost as it was made");
      return;
    }
    getLog().error({ err: error }, "unhandled rejection");
    if (countMishap("rejection") === "too_many") {
      getLog().fatal("too many unhandled rejections within a minute: the process ends");
      end(FATAL);
    }
  });

  return {
    begin(server, started) {
      running = { server, started };
      clearTimeout(startGrace);
      finish();
      return ending === undefined;
    },
  };
}

function giveUp(): void {
  getLog().fatal("the shutdown took too long: the process ends without it");
  process.exit(1);
}

const FATAL: Ending = { exitCode: 1, patience: { lameDuckMs: 0, drainMs: FATAL_DRAIN_MS } };

/** Whoever stops it at a terminal is no load balancer. */
function patienceFor(signal: string): Patience {
  const { drainSeconds, lameDuckSeconds } = getEnv();
  return {
    lameDuckMs: signal === "SIGTERM" ? lameDuckSeconds * 1000 : 0,
    drainMs: drainSeconds * 1000,
  };
}
