import { rmSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

/**
 * The thread in which the embedded database lives. A heavy query stalls this thread and not the one
 * that relays streams (592 ms against 7 ms for an aggregate over 600,000 rows).
 */
export interface WorkerInput {
  /** A directory, or `memory://` for tests. */
  location: string;
  socketPath: string;
}

export type WorkerMessage = { kind: "ready" } | { kind: "failed"; message: string };

async function serve(input: WorkerInput): Promise<void> {
  const database = await PGlite.create({
    dataDir: input.location,
    relaxedDurability: false,
    // Only offered: nothing of it is loaded before somebody creates the extension. It costs neither
    // time nor memory that could be measured at the start.
    extensions: { vector },
  });
  endOnCrash(database);
  rmSync(input.socketPath, { force: true });
  const server = new PGLiteSocketServer({
    db: database,
    path: input.socketPath,
    // The client keeps one connection; the second place is for the moment in which it replaces it.
    maxConnections: 2,
  });
  await server.start();
  parentPort?.once("message", async () => {
    await server.stop();
    await database.close();
    process.exit(0);
  });
  tell({ kind: "ready" });
}

/**
 * An SQL error is an answer; what is thrown here is the engine itself failing. The socket package
 * would then wait for ever with its queue marked busy, so the thread ends and a new one is started.
 */
function endOnCrash(database: PGlite): void {
  const run = database.execProtocolRawStream.bind(database);
  database.execProtocolRawStream = async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
}

function fail(error: unknown): void {
  // The engine ends with an object that is no Error: its fields say with which status.
  const message = error instanceof Error ? error.message : JSON.stringify(error);
  tell({ kind: "failed", message });
  process.exit(1);
}

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

serve(workerData as WorkerInput).catch(fail);
