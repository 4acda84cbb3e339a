import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FAULTS, THREATS, UNPROTECTED } from "./reliability-rows.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The rows that tests name, as `fault("F1")` or `threat("T1")`. */
function namedRows(): Set<string> {
  const tests = globSync("{lib,app,scripts,drizzle,e2e}/**/*.{test,spec}.ts", { cwd: root });
  const calls = tests.flatMap((path) => [
    ...readFileSync(join(root, path), "utf8").matchAll(/\b(?:fault|threat)\("([FT]\d+)"\)/g),
  ]);
  return new Set(calls.map(([, id = ""]) => id));
}

describe("the fault matrix and the threat table", () => {
  it("have a test for every row, or a reason why there is none", () => {
    const named = namedRows();
    const bare = [...Object.keys(FAULTS), ...Object.keys(THREATS)].filter(
      (id) => !named.has(id) && !(id in UNPROTECTED),
    );
    expect(bare).toEqual([]);
  });

  it("give no reason for a row that has a test", () => {
    const named = namedRows();
    expect(Object.keys(UNPROTECTED).filter((id) => named.has(id))).toEqual([]);
  });
});
