import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { makeIntent, makeRecord } from "#lib/testing/records.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { type Journal, openJournal } from "./journal.ts";
import { readLines } from "./journal-line.ts";
import type { JournalMode } from "./journal-writer.ts";

/** What the operating system was asked to bring to the disk, in order. */
const disk = vi.hoisted(() => ({
  synced: [] as number[],
  fail: false,
  /** Holds a sync back until it is let go. */
  gate: undefined as Promise<void> | undefined,
}));

vi.mock("node:fs", async (load) => {
  const real = await load<typeof import("node:fs")>();
  const fdatasync = (fd: number, done: (error: Error | null) => void): void => {
    disk.synced.push(fd);
    void (disk.gate ?? Promise.resolve()).then(() =>
      disk.fail ? done(new Error("EIO")) : real.fdatasync(fd, done),
    );
  };
  return { ...real, fdatasync, default: { ...real, fdatasync } };
});

let directory: string;
let direct: string[];

beforeEach(() => {
  directory = join(makeTestDirectory(), "journal");
  direct = [];
  disk.synced = [];
  disk.fail = false;
  disk.gate = undefined;
});

afterEach(() => rm(join(directory, ".."), { recursive: true, force: true }));

function open(mode: JournalMode): Promise<Journal> {
  const storeNow = async (row: string) => void direct.push(row);
  return openJournal({
    directory,
    mode,
    sink: { accept: () => undefined, storeNow, keepUnsafe: () => false },
  });
}

function linesOnDisk(): number {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".ndjson"))
    .reduce((sum, name) => sum + readLines(readFileSync(join(directory, name))).lines.length, 0);
}

/**
 * What is promised: with `CONDUIT_JOURNAL=fdatasync` no acknowledged record is lost with the power;
 * without it those are that the operating system had not written yet.
 */
describe(fault("F37"), () => {
  it("with fdatasync, every group of records is one sync, and none is acknowledged before it", async () => {
    const journal = await open("fdatasync");
    const gate = Promise.withResolvers<void>();
    disk.gate = gate.promise;
    let acknowledged = 0;
    const records = Array.from({ length: 100 }, () => makeRecord());
    const ends = records.map(async (record) => {
      await journal.recordEnd(record);
      acknowledged += 1;
    });
    await vi.waitFor(() => expect(disk.synced).toHaveLength(1));
    expect(linesOnDisk()).toBe(100);
    expect(acknowledged).toBe(0);
    gate.resolve();
    await Promise.all(ends);
    expect(acknowledged).toBe(100);
    for (let count = 2; count <= 6; count += 1) {
      await journal.recordEnd(makeRecord());
      expect(disk.synced).toHaveLength(count);
    }
    await journal.close();
  });

  it("with fdatasync, an intent is synced too, for a crash has to find it", async () => {
    const journal = await open("fdatasync");
    journal.recordIntent(makeIntent());
    await vi.waitFor(() => expect(disk.synced).toHaveLength(1));
    await journal.close();
  });

  it("a disk that does not sync acknowledges nothing by itself: the row is stored at once", async () => {
    const journal = await open("fdatasync");
    disk.fail = true;
    const record = makeRecord();
    await journal.recordEnd(record);
    expect(direct.map((row) => JSON.parse(row).id)).toEqual([record.id]);
    expect(journal.stats().writeFailures).toBe(1);
    await journal.close();
  });

  it("without fdatasync nothing is synced, which is what makes it cheap", async () => {
    const journal = await open("on");
    await Promise.all(Array.from({ length: 100 }, () => journal.recordEnd(makeRecord())));
    await journal.recordEnd(makeRecord());
    expect(linesOnDisk()).toBe(101);
    expect(disk.synced).toEqual([]);
    await journal.close();
  });
});
