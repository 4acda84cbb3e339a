import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { makeIntent, makeRecord } from "#lib/testing/records.ts";
import { type Journal, openJournal } from "./journal.ts";
import { type Recorder, type RecorderOptions, startRecorder } from "./record.ts";
import { replayJournal } from "./replay.ts";
import { ledgerStats } from "./stats.ts";

/** A database that can be away, and that refuses rows for a word in them. */
class FakeDatabase {
  ids: string[] = [];
  batches: number[] = [];
  isDown = false;
  tries = 0;

  readonly insert = async (rowsJson: string): Promise<number> => {
    this.tries += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.isDown) {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    }
    if (rowsJson.includes("poison")) {
      throw Object.assign(new Error("invalid input"), { code: "22P02" });
    }
    const rows = JSON.parse(rowsJson) as { id: string }[];
    this.batches.push(rows.length);
    const fresh = rows.filter(({ id }) => !this.ids.includes(id));
    this.ids.push(...fresh.map(({ id }) => id));
    return fresh.length;
  };
}

describe("the recorder", () => {
  let directory: string;
  let database: FakeDatabase;
  let recorder: Recorder;
  let journal: Journal;
  let problems: string[];

  beforeEach(() => {
    directory = join(makeTestDirectory(), "journal");
    database = new FakeDatabase();
    problems = [];
  });

  afterEach(async () => {
    await recorder.stop(0);
    await journal.close();
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  async function open(changes: Partial<RecorderOptions> = {}, segmentBytes = 64 * 1024) {
    recorder = startRecorder({
      insert: database.insert,
      deadLetterPath: join(directory, "dead-letters.ndjson"),
      onProblem: (message) => problems.push(message),
      backoffMs: { first: 5, longest: 20 },
      ...changes,
    });
    journal = await openJournal({ directory, mode: "on", sink: recorder, segmentBytes });
  }

  async function recordMany(count: number): Promise<string[]> {
    const records = Array.from({ length: count }, () => makeRecord());
    for (let from = 0; from < count; from += 50) {
      await Promise.all(records.slice(from, from + 50).map((record) => journal.recordEnd(record)));
    }
    return records.map((record) => record.id);
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  it("stores rows in their order, by themselves", async () => {
    await open({ flushMs: 10 });
    const ids = await recordMany(20);
    await until(() => database.ids.length === 20);
    expect(database.ids).toEqual(ids);
  });

  it("a full batch does not wait for the clock", async () => {
    await open({ flushMs: 1_000_000, flushRows: 100 });
    await recordMany(100);
    await until(() => database.ids.length === 100);
    expect(database.batches).toEqual([100]);
  });

  it("a flush stores what waits, in batches of the agreed size", async () => {
    await open({ flushMs: 1_000_000, flushRows: 60 });
    database.isDown = true;
    await recordMany(150);
    database.isDown = false;
    expect(await recorder.flush(10_000)).toBe(true);
    expect(database.ids).toHaveLength(150);
    expect(Math.max(...database.batches)).toBeLessThanOrEqual(60);
    expect(ledgerStats({ journal, recorder })).toMatchObject({
      queuedRows: 0,
      queuedBytes: 0,
      oldestAgeMs: 0,
      storedRows: 150,
      storeFailures: 0,
    });
  });

  it("an outage loses nothing, and memory stays bounded through it", async () => {
    await open({ flushMs: 1, flushRows: 100, maxQueueBytes: 50_000 });
    database.isDown = true;
    const ids = await recordMany(2_000);
    await until(() => recorder.stats().failures > 2);
    const stats = recorder.stats();
    expect(stats.queuedRows).toBe(2_000);
    expect(stats.queuedBytes).toBeLessThan(50_000);
    expect(stats.spilledRows).toBeGreaterThan(1_800);
    expect(problems.length).toBeGreaterThan(0);
    database.isDown = false;
    const later = await recordMany(10);
    expect(await recorder.flush(30_000)).toBe(true);
    expect(database.ids).toEqual([...ids, ...later]);
    await journal.close();
    expect(journal.stats()).toMatchObject({ bytes: 0, segments: 0 });
  });

  it("what an outage leaves at the end is there at the next start", async () => {
    await open({ flushMs: 1, maxQueueBytes: 50_000 });
    database.isDown = true;
    const ids = await recordMany(300);
    expect(await recorder.stop(50)).toBe(false);
    await journal.close();
    database.isDown = false;
    const { insert } = database;
    const report = await replayJournal({ directory, ownBootId: "another", insert });
    expect(report.rows).toBe(300);
    expect(database.ids).toEqual(ids);
  });

  it("a row that the database refuses is put aside, and all others are stored", async () => {
    await open({ flushMs: 1_000_000 });
    const good = await recordMany(30);
    await journal.recordEnd(makeRecord({ session: "poison" }));
    const more = await recordMany(30);
    expect(await recorder.flush(10_000)).toBe(true);
    expect(database.ids.toSorted()).toEqual([...good, ...more].toSorted());
    expect(recorder.stats()).toMatchObject({ deadLetters: 1, storedRows: 60 });
    const [letter = ""] = readFileSync(join(directory, "dead-letters.ndjson"), "utf8").split("\n");
    expect(JSON.parse(letter)).toMatchObject({
      reason: "invalid input",
      row: { session: "poison" },
    });
  });

  it("a missing column is an outage and not a fault of the rows", async () => {
    await open({ flushMs: 1_000_000 });
    const { insert } = database;
    let refusals = 3;
    await recorder.stop(0);
    await journal.close();
    await open({
      flushMs: 1_000_000,
      insert: async (rows) => {
        refusals -= 1;
        if (refusals >= 0) {
          throw Object.assign(new Error("column does not exist"), { code: "42703" });
        }
        return insert(rows);
      },
    });
    await recordMany(10);
    expect(await recorder.flush(10_000)).toBe(true);
    expect(recorder.stats()).toMatchObject({ deadLetters: 0, storedRows: 10 });
  });

  it("a database that never answers is asked again", async () => {
    let isHanging = true;
    const { insert } = database;
    await open({
      flushMs: 1_000_000,
      insertTimeoutMs: 20,
      insert: (rows) => {
        const answer = isHanging ? new Promise<number>(() => undefined) : insert(rows);
        isHanging = false;
        return answer;
      },
    });
    const ids = await recordMany(5);
    expect(await recorder.flush(10_000)).toBe(true);
    expect(database.ids).toEqual(ids);
    expect(problems).toHaveLength(1);
  });

  it("a flush gives up at its deadline", async () => {
    await open({ flushMs: 1_000_000 });
    database.isDown = true;
    await recordMany(1);
    expect(await recorder.flush(30)).toBe(false);
    expect(recorder.stats().queuedRows).toBe(1);
  });

  it("without a journal a row is tried three times and its refusal reaches the caller", async () => {
    await open();
    database.isDown = true;
    await expect(recorder.storeNow('{"id":"1"}')).rejects.toThrow("ECONNREFUSED");
    expect(database.tries).toBe(3);
    database.isDown = false;
    await recorder.storeNow('{"id":"2"}');
    expect(database.ids).toEqual(["2"]);
    await expect(recorder.storeNow('{"id":"poison"}')).rejects.toMatchObject({
      code: "internal_error",
    });
  });

  it("announced requests are counted until they end", async () => {
    await open();
    const record = makeRecord();
    journal.recordIntent(makeIntent({ id: record.id }));
    journal.recordIntent(makeIntent());
    await journal.recordEnd(record);
    expect(ledgerStats({ journal, recorder }).openIntents).toBe(1);
  });
});
