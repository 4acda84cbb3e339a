import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { getLog } from "#lib/log.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import type { WorkerInput, WorkerMessage } from "./embedded-worker.ts";
import { makeRunDirectory } from "./run-directory.ts";

/** The embedded database of one data directory, held by this process alone. */
export interface EmbeddedDatabase {
  /** The unix socket that speaks the Postgres protocol. */
  socketPath: string;
  /** Writes everything out and gives the directory free. Close the client first. */
  close(): Promise<void>;
}

const RESTART_DELAY_MS = 1_000;

/**
 * Starts the embedded database of `dataDir`, making it on first use. Throws `DirectoryInUseError`
 * (exit code 75) while another process has it.
 */
export async function startEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const runDirectory = makeRunDirectory(dataDir);
  const lock = await lockDirectory(dataDir, runDirectory);
  try {
    return await keepWorker(lock, {
      location: join(dataDir, "postgres"),
      socketPath: join(runDirectory, "database.sock"),
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Runs the worker until `close`, and a new one when it dies: what was committed is in its files. */
async function keepWorker(lock: DirectoryLock, input: WorkerInput): Promise<EmbeddedDatabase> {
  let closing = false;
  let restart: NodeJS.Timeout | undefined;
  let worker = await startWorker(input);
  const watch = (current: Worker) => {
    current.once("exit", (code) => {
      if (!closing) {
        getLog().error({ code }, "The embedded database stopped and is started again.");
        restart = setTimeout(revive, RESTART_DELAY_MS);
      }
    });
  };
  const revive = () => {
    startWorker(input).then(
      (next) => {
        worker = next;
        watch(next);
        if (closing) {
          void stopWorker(next);
        }
      },
      (error: unknown) => {
        getLog().error({ err: error }, "The embedded database does not start.");
        restart = setTimeout(revive, RESTART_DELAY_MS);
      },
    );
  };
  watch(worker);
  return {
    socketPath: input.socketPath,
    close: async () => {
      closing = true;
      clearTimeout(restart);
      await stopWorker(worker);
      await lock.release();
    },
  };
}

/** Resolves when the database answers on its socket. */
function startWorker(input: WorkerInput): Promise<Worker> {
  // Put together at run time, so that Next's bundler, which loads this file too but never starts
  // the database, does not try to bundle the worker.
  const file = join(dirname(fileURLToPath(import.meta.url)), "embedded-worker.ts");
  // Flags of the process (an inspector's port, how to read standard input) are not for the thread.
  const worker = new Worker(file, { workerData: input, execArgv: [] });
  return new Promise((done, fail) => {
    let reason = "The embedded database ended while it was starting.";
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "ready") {
        done(worker);
      } else {
        reason = message.message;
        getLog().error({ reason }, "The embedded database failed.");
      }
    });
    worker.once("error", fail);
    worker.once("exit", () => fail(new Error(reason)));
  });
}

function stopWorker(worker: Worker): Promise<void> {
  return new Promise((done) => {
    if (worker.threadId === -1) {
      done();
      return;
    }
    worker.once("exit", () => done());
    worker.postMessage("close");
  });
}
