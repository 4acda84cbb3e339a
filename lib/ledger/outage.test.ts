import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { makeTestDirectory, openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { hasPostgres } from "#lib/testing/postgres.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { openJournal } from "./journal.ts";
import { startRecorder } from "./record.ts";

/** Only a server of our own may be stopped. */
const canStopServer = hasPostgres() && (process.env["DATABASE_URL"] ?? "") === "";

describe.runIf(canStopServer)("a Postgres that crashes under load", () => {
  let database: TestDatabase;
  const directory = join(makeTestDirectory(), "journal");

  beforeAll(async () => {
    database = await openTestDatabase("postgres");
  });

  afterAll(async () => {
    await database?.close();
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  it("and comes back has every record once, in rows and in sums", async () => {
    const recorder = startRecorder({
      insert: (rowsJson) => insertRecords(getSql("batch"), rowsJson),
      deadLetterPath: join(directory, "dead-letters.ndjson"),
      flushMs: 5,
      flushRows: 50,
      backoffMs: { first: 20, longest: 200 },
    });
    const journal = await openJournal({ directory, mode: "on", sink: recorder });
    let recorded = 0;
    let isLoaded = true;
    const load = (async () => {
      while (isLoaded) {
        await Promise.all(Array.from({ length: 5 }, () => journal.recordEnd(makeRecord())));
        recorded += 5;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const stored = recorder.stats().storedRows;
      await until(() => recorder.stats().storedRows > stored + 200);
      await database.server?.crash();
      await until(() => recorder.stats().failures > 1);
      await database.server?.restart();
    }
    isLoaded = false;
    await load;
    expect(await recorder.flush(30_000)).toBe(true);
    const [counts] = await getSql()`select
      (select count(*)::int from request_logs) as logs,
      (select count(*)::int from request_attempts) as attempts,
      (select sum(requests)::int from usage_rollup_15m) as counted`;
    expect(counts).toEqual({ logs: recorded, attempts: recorded, counted: recorded });
    expect(recorder.stats().deadLetters).toBe(0);
    await recorder.stop(1_000);
    await journal.close();
    expect(journal.stats().segments).toBe(0);
  }, 120_000);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
