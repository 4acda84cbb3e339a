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
  const assertionResults = statuses.map((status, at) => ({ status, fullName: `test ${at}` }));
  writeFileSync(
    file,
    JSON.stringify({
      numPassedTests: count("passed"),
      numFailedTests: count("failed"),
      testResults: [{ assertionResults }],
    }),
  );
  return file;
}

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
    const specs = statuses.map((status, at) => ({ title: `test ${at}`, tests: [{ status }] }));
    // Files are suites, and what `describe` groups are suites within them.
    const [first, ...others] = specs;
    writeFileSync(
      file,
      JSON.stringify({ suites: [{ specs: first ? [first] : [], suites: [{ specs: others }] }] }),
    );
    return file;
  };

  it("counts tests at every depth", () => {
    const file = browserReport(["expected", "expected", "flaky", "skipped"]);
    const result = playwrightResult({ name: "console", status: 0, seconds: 2, file });
    expect(result).toMatchObject({ passed: 3, failed: 0, skipped: 1, skippedNames: ["test 3"] });
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
