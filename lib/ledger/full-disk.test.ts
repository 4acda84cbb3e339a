import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { type Journal, openJournal } from "./journal.ts";
import { type Recorder, startRecorder } from "./record.ts";

describe(`${fault("F31")}: the ledger`, () => {
  let directory: string;
  let recorder: Recorder;
  let journal: Journal;
  let insert: (rowsJson: string) => Promise<number>;
  const stored: string[] = [];
  const take = async (rowsJson: string): Promise<number> => {
    const rows = JSON.parse(rowsJson) as { id: string }[];
    stored.push(...rows.map(({ id }) => id));
    return rows.length;
  };

  beforeEach(() => {
    directory = join(makeTestDirectory(), "journal");
    stored.length = 0;
  });

  afterEach(async () => {
    await recorder.stop(0);
    await journal.close();
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  /** A journal of no bytes is a disk without room. */
  async function open(maxQueueBytes?: number): Promise<void> {
    recorder = startRecorder({
      insert: (rowsJson) => insert(rowsJson),
      deadLetterPath: join(directory, "dead-letters.ndjson"),
      backoffMs: { first: 5, longest: 20 },
      ...(maxQueueBytes === undefined ? {} : { maxQueueBytes }),
    });
    journal = await openJournal({ directory, mode: "on", sink: recorder, maxBytes: 0 });
  }

  it("keeps in memory what nothing takes, and stores it once something does", async () => {
    insert = () => Promise.reject(new Error("could not extend file"));
    await open();
    const records = Array.from({ length: 20 }, () => makeRecord());
    await Promise.all(records.map((record) => journal.recordEnd(record)));
    expect(recorder.stats()).toMatchObject({ unsafeRows: 20, lostRows: 0 });
    expect(journal.stats().isFailing).toBe(true);
    insert = take;
    expect(await recorder.flush(10_000)).toBe(true);
    expect(stored.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
    expect(recorder.stats()).toMatchObject({ unsafeRows: 0, queuedRows: 0 });
  });

  it("makes no answer wait for a database that hangs", async () => {
    insert = () => new Promise(() => undefined);
    await open();
    await journal.recordEnd(makeRecord());
    // The first one has found out; from now on nobody tries while something waits.
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => journal.recordEnd(makeRecord())));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(recorder.stats().unsafeRows).toBe(51);
  });

  it("counts what there is no room for even in memory", async () => {
    insert = () => Promise.reject(new Error("could not extend file"));
    await open(10);
    await expect(journal.recordEnd(makeRecord())).rejects.toThrow("could not extend file");
    expect(recorder.stats()).toMatchObject({ unsafeRows: 0, lostRows: 1 });
  });
});
