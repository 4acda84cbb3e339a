import { existsSync, readFileSync } from "node:fs";

export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  /** The names of the tests that were skipped. */
  skippedNames: readonly string[];
}

interface Run {
  name: string;
  /** The exit code of the suite's command. */
  status: number;
  seconds: number;
}

/** What is read of Vitest's JSON report. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

const NOT_RUN = new Set(["skipped", "pending", "todo", "disabled"]);

/** A command that only says yes or no counts as one test. */
export function lintResult(run: Run): SuiteResult {
  const failed = run.status === 0 ? 0 : 1;
  return { ...counts(run), passed: 1 - failed, failed };
}

/**
 * The tests of a Vitest run, from its JSON report. A run that failed without a failed test (a file
 * that does not load, a runner that was killed, a report that is missing) counts as one failure, and
 * so does a run without any test: a suite that tests nothing must not pass.
 */
export function vitestResult(run: Run & { file: string }): SuiteResult {
  if (!existsSync(run.file)) {
    return { ...counts(run), failed: 1 };
  }
  // Vitest writes this file itself, in the shape that its documentation gives.
  const report = JSON.parse(readFileSync(run.file, "utf8")) as VitestReport;
  const tests = report.testResults.flatMap((one) => one.assertionResults);
  const skippedNames = tests.filter((one) => NOT_RUN.has(one.status)).map((one) => one.fullName);
  const silent = run.status !== 0 || tests.length === 0;
  const failed = Math.max(report.numFailedTests, silent ? 1 : 0);
  return {
    ...counts(run),
    passed: report.numPassedTests,
    failed,
    skipped: skippedNames.length,
    skippedNames,
  };
}

/** What is read of Playwright's JSON report. */
interface PlaywrightReport {
  suites: PlaywrightSuite[];
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs: { title: string; tests: { status: "expected" | "unexpected" | "flaky" | "skipped" }[] }[];
}

/** The tests of a Playwright run, under the same rules as those of Vitest. */
export function playwrightResult(run: Run & { file: string }): SuiteResult {
  if (!existsSync(run.file)) {
    return { ...counts(run), failed: 1 };
  }
  // Playwright writes this file itself, in the shape that its documentation gives.
  const report = JSON.parse(readFileSync(run.file, "utf8")) as PlaywrightReport;
  const tests = report.suites.flatMap(testsOf);
  const count = (status: string) => tests.filter((one) => one.status === status).length;
  const skippedNames = tests.filter((one) => one.status === "skipped").map((one) => one.title);
  const silent = run.status !== 0 || tests.length === 0;
  return {
    ...counts(run),
    passed: count("expected") + count("flaky"),
    failed: Math.max(count("unexpected"), silent ? 1 : 0),
    skipped: skippedNames.length,
    skippedNames,
  };
}

function testsOf(suite: PlaywrightSuite): { title: string; status: string }[] {
  const own = suite.specs.flatMap(({ title, tests }) =>
    tests.map(({ status }) => ({ title, status })),
  );
  return [...own, ...(suite.suites ?? []).flatMap(testsOf)];
}

/** The closing lines: a row for each suite, what was skipped by name, and the sum. */
export function report(results: readonly SuiteResult[], notes: readonly string[]): string {
  const rows = results.map(
    (one) =>
      `${one.failed > 0 ? "✗" : "✓"} ${one.name.padEnd(28)}` +
      `${String(one.passed).padStart(6)} passed ${String(one.failed).padStart(4)} failed ` +
      `${String(one.skipped).padStart(4)} skipped ${String(one.seconds).padStart(5)} s`,
  );
  const skipped = results.flatMap((one) =>
    one.skippedNames.map((name) => `skipped in ${one.name}: ${name}`),
  );
  const sum = (field: "passed" | "failed" | "skipped") =>
    results.reduce((total, one) => total + one[field], 0);
  const last = `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`;
  return [...rows, "", ...skipped, ...notes, last].join("\n");
}

function counts(run: Run): SuiteResult {
  const none = { passed: 0, failed: 0, skipped: 0, skippedNames: [] };
  return { name: run.name, seconds: run.seconds, ...none };
}
