import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { databaseTests, suites } from "./test-suites.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the suites", () => {
  it("leave out no folder of end-to-end specs", () => {
    const specs = globSync("e2e/*/*.spec.ts", { cwd: root });
    const folders = new Set(specs.map((path) => path.split("/")[1]));
    // The console's specs are Playwright's.
    folders.delete("console");
    const run = suites(root).flatMap(({ command }) => command);
    expect(
      [...folders].map((folder) => `e2e/${folder}/`).filter((one) => !run.includes(one)),
    ).toEqual([]);
  });

  it("run again on Postgres what runs on any store, and nothing else", () => {
    const tests = databaseTests(root);
    expect(tests).toContain("lib/db/migrate.test.ts");
    expect(tests).toContain("lib/limits/budget.test.ts");
    // It opens both stores by their names, so that it would do the same once more.
    expect(tests).not.toContain("lib/db/request-logs.test.ts");
    expect(tests).not.toContain("lib/db/embedded.test.ts");
  });
});
