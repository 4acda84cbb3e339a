import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { makeIntent, makeRecord } from "#lib/testing/records.ts";
import { openJournal } from "./journal.ts";
import { decodeLine, encodeLine, readLines } from "./journal-line.ts";
import type { JournalGroup, JournalOptions } from "./journal-writer.ts";

describe("a line", () => {
  it("gives its row back, and nothing when one character has changed", () => {
    const row = JSON.stringify({ id: "1", text: 'a "b" \\ é' });
    const line = encodeLine("E", row).slice(0, -1);
    expect(decodeLine(line)).toEqual({ type: "E", row });
    for (let at = 0; at < line.length; at += 1) {
      const altered = `${line.slice(0, at)}${line[at] === "7" ? "8" : "7"}${line.slice(at + 1)}`;
      const read = decodeLine(altered);
      // The frame's fixed characters carry nothing; type and row are covered.
      expect(read === undefined || (read.row === row && read.type === "E")).toBe(true);
    }
    expect(decodeLine(line.replace("é", "e"))).toBeUndefined();
    expect(decodeLine(line.replace('"E"', '"I"'))).toBeUndefined();
  });

  it("is JSON", () => {
    const row = '{"id":"1"}';
    expect(JSON.parse(encodeLine("I", row))).toMatchObject({ t: "I", r: { id: "1" } });
  });
});

describe("the journal", () => {
  let directory: string;
  let groups: JournalGroup[];
  let direct: string[];
  let problems: string[];

  beforeEach(() => {
    directory = join(makeTestDirectory(), "journal");
    groups = [];
    direct = [];
    problems = [];
  });

  afterEach(() => rm(join(directory, ".."), { recursive: true, force: true }));

  function open(changes: Partial<JournalOptions> = {}) {
    return openJournal({
      directory,
      mode: "on",
      sink: {
        accept: (group) => groups.push(group),
        storeNow: async (row) => {
          direct.push(row);
        },
        keepUnsafe: () => false,
      },
      onProblem: (message) => problems.push(message),
      ...changes,
    });
  }

  function segments(): string[] {
    return readdirSync(directory).filter((name) => name.endsWith(".ndjson"));
  }

  function linesOnDisk(): number {
    return segments()
      .map((name) => readLines(readFileSync(join(directory, name))).lines.length)
      .reduce((sum, count) => sum + count, 0);
  }

  it("a record is in its file when it is acknowledged", async () => {
    const journal = await open();
    const record = makeRecord();
    await journal.recordEnd(record);
    const [name = ""] = segments();
    const { lines } = readLines(readFileSync(join(directory, name)));
    expect(lines.map((line) => line.type)).toEqual(["E"]);
    expect(JSON.parse(lines[0]?.row ?? "")).toMatchObject({ id: record.id });
    await journal.close();
  });

  it("records of one turn are written together", async () => {
    const journal = await open();
    const records = Array.from({ length: 100 }, () => makeRecord());
    for (const record of records) {
      journal.recordIntent(makeIntent({ id: record.id }));
    }
    await Promise.all(records.map((record) => journal.recordEnd(record)));
    expect(groups).toHaveLength(1);
    expect(groups[0]?.rows).toHaveLength(100);
    expect(linesOnDisk()).toBe(200);
    await journal.close();
  });

  it("a file goes when its records are stored and its intents have ended, and not before", async () => {
    const journal = await open({ segmentBytes: 1 });
    const record = makeRecord();
    journal.recordIntent(makeIntent({ id: record.id }));
    await journal.recordEnd(makeRecord());
    await journal.recordEnd(makeRecord());
    expect(segments()).toHaveLength(2);
    groups[0]?.segment.release(1);
    groups[1]?.segment.release(1);
    // The first file still holds the intent; the second is open for more.
    expect(segments()).toHaveLength(2);
    await journal.recordEnd(record);
    expect(segments()).toHaveLength(1);
    groups[2]?.segment.release(1);
    await journal.close();
    expect(segments()).toHaveLength(0);
  });

  it("an intent without an ending stays on disk", async () => {
    const journal = await open();
    journal.recordIntent(makeIntent());
    await journal.close();
    expect(linesOnDisk()).toBe(1);
    expect(journal.stats().openIntents).toBe(1);
  });

  it("with fdatasync a record is acknowledged after it was synced", async () => {
    const journal = await open({ mode: "fdatasync" });
    await Promise.all([journal.recordEnd(makeRecord()), journal.recordEnd(makeRecord())]);
    expect(journal.stats().syncs).toBe(1);
    expect(groups).toHaveLength(1);
    await journal.recordEnd(makeRecord());
    expect(journal.stats().syncs).toBe(2);
    await journal.close();
  });

  it("with fdatasync a full segment is closed only after its syncs", async () => {
    const journal = await open({ mode: "fdatasync", segmentBytes: 1 });
    const ends: Promise<void>[] = [];
    for (let count = 0; count < 20; count += 1) {
      ends.push(journal.recordEnd(makeRecord()));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(ends);
    expect(groups).toHaveLength(20);
    expect(journal.stats().writeFailures).toBe(0);
    await journal.close();
  });

  it("switched off, a record is acknowledged when it is stored", async () => {
    const journal = await open({ mode: "off" });
    journal.recordIntent(makeIntent());
    await journal.recordEnd(makeRecord());
    expect(direct).toHaveLength(1);
    await journal.close();
  });

  it("a journal that is full stores records directly, and tells", async () => {
    const journal = await open({ maxBytes: 1 });
    await journal.recordEnd(makeRecord());
    expect(direct).toHaveLength(0);
    await journal.recordEnd(makeRecord());
    expect(direct).toHaveLength(1);
    expect(journal.stats().writeFailures).toBe(1);
    expect(problems).toHaveLength(1);
    await journal.close();
  });

  it("a record that neither the journal nor the database nor memory takes is refused", async () => {
    const sink = {
      accept: () => undefined,
      storeNow: () => Promise.reject(new Error("down")),
      keepUnsafe: () => false,
    };
    const journal = await open({ maxBytes: 0, sink });
    await expect(journal.recordEnd(makeRecord())).rejects.toThrow("down");
    await journal.close();
  });

  it("a record after the close is stored directly", async () => {
    const journal = await open();
    await journal.close();
    await journal.recordEnd(makeRecord());
    expect(direct).toHaveLength(1);
  });
});
