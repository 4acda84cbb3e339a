import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lintResult, playwrightResult, report, vitestResult } from "./test-report.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "conduit-report-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function written(statuses: readonly string[]): string {
  const file = join(directory, "report.json");
  const count = (status: string) => statuses.filter((one) => one === status).length;
  const assertionResults = statuses.map((status, at) => ({
    status,
    fullName: `test ${at}`,
    failureMessages:
      status === "failed" ? ["\u001b[31mError: it broke\u001b[0m\n    at a line"] : [],
  }));
  writeFileSync(
    file,
    JSON.stringify({
      numPassedTests: count("passed"),
      testResults: [{ name: "a.test.ts", status: "passed", message: "", assertionResults }],
    }),
  );
  return file;
}

const unit = (file: string, status = 1) => vitestResult({ name: "unit", status, seconds: 2, file });

describe("the report of all suites", () => {
  it("closes with the sum of everything", () => {
    const file = written(["passed", "passed", "skipped"]);
    const results = [
      lintResult({ name: "check", status: 0, seconds: 1 }),
      lintResult({ name: "walls", status: 1, seconds: 1 }),
      vitestResult({ name: "unit", status: 0, seconds: 2, file }),
    ];
    const lines = report(results, ["redis-server was not found: …"]).split("\n");
    expect(lines.at(-1)).toBe("3 passed, 1 failed, 1 skipped");
    expect(lines).toContain("skipped in unit: test 2");
    expect(lines).toContain("redis-server was not found: …");
  });

  it("names what failed last before the sum, with the first line of what it said", () => {
    const lines = report([unit(written(["failed", "passed"]))], ["a note"]).split("\n");
    expect(lines.slice(-3)).toEqual([
      "a note",
      "failed in unit: test 0: Error: it broke",
      "1 passed, 1 failed, 0 skipped",
    ]);
  });

  it("keeps the end short, and names the others above the table", () => {
    const lines = report([unit(written(Array(30).fill("failed")))], []).split("\n");
    const table = lines.findIndex((line) => line.startsWith("✗ unit"));
    expect(lines.slice(0, table)).toContain("failed in unit: test 0: Error: it broke");
    expect(lines.slice(table)).toContain("and 18 more failed, named above the table");
    expect(lines.at(-2)).toBe("failed in unit: test 29: Error: it broke");
    expect(lines.slice(table).length).toBeLessThan(20);
  });

  it("tells of many skipped tests in one line below the table", () => {
    const lines = report([unit(written(["skipped", "skipped", "passed"]), 0)], []).split("\n");
    const table = lines.findIndex((line) => line.startsWith("✓ unit"));
    expect(lines.slice(table + 1)).toEqual([
      "",
      "2 skipped in unit: test 0 and 1 more",
      "1 passed, 0 failed, 2 skipped",
    ]);
  });

  it.each([
    ["a runner that left no report", () => join(directory, "none.json"), "the run: exit code 1"],
    ["a run without tests", () => written([]), "the run: no test was run"],
  ])("says why %s failed", (_, file, text) => {
    expect(report([unit(file())], [])).toContain(`failed in unit: ${text}`);
  });

  it("names a file that did not load", () => {
    const file = join(directory, "unloaded.json");
    const one = { name: "b.test.ts", status: "failed", message: "No such module\nat …" };
    const testResults = [{ ...one, assertionResults: [] }];
    writeFileSync(file, JSON.stringify({ numPassedTests: 0, testResults }));
    expect(report([unit(file)], [])).toContain("failed in unit: b.test.ts: No such module");
  });

  it("counts a runner that left no report as a failure", () => {
    const file = join(directory, "none.json");
    expect(vitestResult({ name: "unit", status: 137, seconds: 2, file }).failed).toBe(1);
  });

  it("counts a file that did not load as a failure", () => {
    const file = written(["passed"]);
    expect(vitestResult({ name: "unit", status: 1, seconds: 2, file }).failed).toBe(1);
  });

  it("does not let a suite without tests pass", () => {
    const file = written([]);
    expect(vitestResult({ name: "unit", status: 0, seconds: 2, file }).failed).toBe(1);
  });
});

describe("the report of the browser's suite", () => {
  const browserReport = (statuses: readonly string[]): string => {
    const file = join(directory, "browser.json");
    const specs = statuses.map((status, at) => ({
      title: `test ${at}`,
      tests: [
        {
          status,
          annotations: status === "skipped" ? [{ type: "skip", description: "no nginx" }] : [],
          results: [{ errors: [] }, { errors: [{ message: "Error: not there\n\nCall log:" }] }],
        },
      ],
    }));
    // Files are suites, and what `describe` groups are suites within them.
    const [first, ...others] = specs;
    const inner = { title: "a group", specs: others };
    const suites = [{ title: "a.spec.ts", specs: first ? [first] : [], suites: [inner] }];
    writeFileSync(file, JSON.stringify({ suites }));
    return file;
  };

  it("counts tests at every depth", () => {
    const file = browserReport(["expected", "expected", "flaky", "skipped"]);
    const result = playwrightResult({ name: "console", status: 0, seconds: 2, file });
    expect(result).toMatchObject({ passed: 3, failed: 0, skipped: 1 });
    expect(report([result], [])).toContain("skipped in console: a.spec.ts › a group › test 3");
  });

  it("says why tests were skipped, what passed only when repeated, and what failed", () => {
    const file = browserReport(["expected", "flaky", "skipped", "skipped", "unexpected"]);
    const result = playwrightResult({ name: "console", status: 1, seconds: 2, file });
    expect(report([result], []).split("\n").slice(-4)).toEqual([
      "2 skipped in console: no nginx",
      "1 passed only when repeated in console: a.spec.ts › a group › test 1",
      "failed in console: a.spec.ts › a group › test 4: Error: not there",
      "2 passed, 1 failed, 2 skipped",
    ]);
  });

  it("tells what went wrong outside of the tests", () => {
    const file = join(directory, "outside.json");
    writeFileSync(file, JSON.stringify({ suites: [], errors: [{ message: "no browser" }] }));
    const result = playwrightResult({ name: "console", status: 1, seconds: 2, file });
    expect(result.failures).toEqual([{ title: "outside of the tests", error: "no browser" }]);
  });

  it.each([
    ["a failed test", ["expected", "unexpected"], 1],
    ["a world that could not start", ["expected"], 1],
    ["no test at all", [], 0],
  ])("counts %s as a failure", (_, statuses, status) => {
    const file = browserReport(statuses);
    expect(playwrightResult({ name: "console", status, seconds: 2, file }).failed).toBe(1);
  });

  it("counts a runner that left no report as a failure", () => {
    const file = join(directory, "none.json");
    expect(playwrightResult({ name: "console", status: 1, seconds: 2, file }).failed).toBe(1);
  });
});
