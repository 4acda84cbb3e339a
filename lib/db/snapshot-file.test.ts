import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { MasterKeys } from "#lib/crypto.ts";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { readSnapshotFile, UnusableFileError, writeSnapshotFile } from "./snapshot-file.ts";

const keysOf = (current: string, ...versions: [string, number][]): MasterKeys => ({
  current,
  keys: new Map(versions.map(([version, byte]) => [version, Buffer.alloc(32, byte)])),
});
const ours = keysOf("v1", ["v1", 7]);
const SCHEMA = 42;
const directory = makeTestDirectory();
const path = join(directory, "last-good.json");
const content = {
  asOfMs: 1_700_000_000_000,
  schema: SCHEMA,
  body: { limit: 9_007_199_254_740_993n, box: Buffer.from([0, 255]), name: "two\nlines" },
};

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe(fault("F21"), () => {
  it("the file on disk comes back as it was written, and is its owner's alone", async () => {
    await writeSnapshotFile(path, ours, content);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readSnapshotFile(path, ours, SCHEMA)).toEqual(content);
  });

  it("there may be none", async () => {
    expect(await readSnapshotFile(join(directory, "none"), ours, SCHEMA)).toBe(undefined);
  });

  it("a file that anybody altered in any place is not used", async () => {
    await writeSnapshotFile(path, ours, content);
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, altered);
      await expect(readSnapshotFile(path, ours, SCHEMA)).rejects.toThrow(UnusableFileError);
    }
  });

  it("a file that was cut off anywhere is not used", async () => {
    await writeSnapshotFile(path, ours, content);
    const bytes = readFileSync(path);
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(readSnapshotFile(path, ours, SCHEMA)).rejects.toThrow(UnusableFileError);
    }
  });

  it("it takes the master key that signed it, which may be an older one", async () => {
    await writeSnapshotFile(path, ours, content);
    const rotated = keysOf("v2", ["v2", 8], ["v1", 7]);
    expect(await readSnapshotFile(path, rotated, SCHEMA)).toEqual(content);
    for (const others of [keysOf("v1", ["v1", 9]), keysOf("v2", ["v2", 7])]) {
      await expect(readSnapshotFile(path, others, SCHEMA)).rejects.toThrow(UnusableFileError);
    }
  });

  it("rows of another schema are not used", async () => {
    await writeSnapshotFile(path, ours, content);
    await expect(readSnapshotFile(path, ours, SCHEMA + 1)).rejects.toThrow("another version");
  });
});
