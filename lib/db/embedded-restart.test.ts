import { rmSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { copyTemplate, makeTestDirectory } from "#lib/testing/database.ts";
import { closeDatabase, getSql, openDatabase } from "./client.ts";

const workers = vi.hoisted(() => [] as Worker[]);

vi.mock("node:worker_threads", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:worker_threads")>();
  class WatchedWorker extends original.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.push(this);
    }
  }
  return { ...original, Worker: WatchedWorker };
});

let dataDir: string;
beforeAll(async () => {
  dataDir = makeTestDirectory();
  await copyTemplate(dataDir);
  await openDatabase({ databaseUrl: undefined, dataDir });
});
afterAll(async () => {
  await closeDatabase();
  rmSync(dataDir, { recursive: true, force: true });
});

test("a database thread that dies is started again with all that was committed", async () => {
  await getSql()`insert into settings (key, value) values ('kept', '1')`;
  await workers.at(-1)?.terminate();
  const rows = await vi.waitFor(() => getSql()`select value from settings where key = 'kept'`, {
    timeout: 20_000,
    interval: 200,
  });
  expect(rows).toHaveLength(1);
  expect(workers.length).toBeGreaterThan(1);
});
