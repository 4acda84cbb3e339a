import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildStamp } from "./build-stamp.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "conduit-stamp-"));
  mkdirSync(join(root, "lib/db"), { recursive: true });
  writeFileSync(join(root, "lib/db/client.ts"), "one");
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  delete process.env["CONDUIT_BASE_PATH"];
});

describe("the stamp of a build", () => {
  it("stays when nothing of the build changed", () => {
    const before = buildStamp(root);
    writeFileSync(join(root, "README.md"), "words");
    writeFileSync(join(root, "lib/db/client.test.ts"), "a test");
    expect(buildStamp(root)).toBe(before);
  });

  it("changes with a source, a new file, a moved file and the base path", () => {
    const stamps = [buildStamp(root)];
    writeFileSync(join(root, "lib/db/client.ts"), "two");
    stamps.push(buildStamp(root));
    writeFileSync(join(root, "lib/env.ts"), "two");
    stamps.push(buildStamp(root));
    rmSync(join(root, "lib/env.ts"));
    writeFileSync(join(root, "lib/log.ts"), "two");
    stamps.push(buildStamp(root));
    process.env["CONDUIT_BASE_PATH"] = "/llm";
    stamps.push(buildStamp(root));
    expect(new Set(stamps).size).toBe(stamps.length);
  });
});
