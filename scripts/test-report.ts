import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  /** What failed, never empty when `failed` is not 0. */
  failures: readonly Failure[];
  skips: readonly Skip[];
  /** The titles of the tests that passed only when they were repeated. */
  flaky: readonly string[];
}

export interface Failure {
  title: string;
  /** The first line of what it said. */
  error: string;
}

export interface Skip {
  title: string;
  /** Empty where the runner keeps none. */
  reason: string;
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
  testResults: VitestFile[];
}

interface VitestFile {
  name: string;
  status: string;
  /** Why it did not load, or what failed outside of its tests. */
  message: string;
  assertionResults: { status: string; fullName: string; failureMessages: string[] | null }[];
}

const NOT_RUN = new Set(["skipped", "pending", "todo", "disabled"]);

/** A command that only says yes or no counts as one test. */
export function lintResult(run: Run): SuiteResult {
  const failed = run.status === 0 ? 0 : 1;
  return { ...resultOf(run, []), passed: 1 - failed };
}

/**
 * The tests of a Vitest run, from its JSON report. A run that failed without a failed test (a file
 * that does not load, a runner that was killed, a report that is missing) counts as one failure, and
 * so does a run without any test: a suite that tests nothing must not pass.
 */
export function vitestResult(run: Run & { file: string }): SuiteResult {
  if (!existsSync(run.file)) {
    return resultOf(run, []);
  }
  // Vitest writes this file itself, in the shape that its documentation gives.
  const report = JSON.parse(readFileSync(run.file, "utf8")) as VitestReport;
  const tests = report.testResults.flatMap((one) => one.assertionResults);
  const skips = tests
    .filter((one) => NOT_RUN.has(one.status))
    .map((one) => ({ title: one.fullName, reason: "" }));
  return {
    ...resultOf(run, report.testResults.flatMap(failuresOf), tests.length === 0),
    passed: report.numPassedTests,
    skipped: skips.length,
    skips,
  };
}

function failuresOf({ name, status, message, assertionResults }: VitestFile): Failure[] {
  const failed = assertionResults
    .filter((one) => one.status === "failed")
    .map((one) => ({ title: one.fullName, error: firstLine(one.failureMessages?.[0]) }));
  return failed.length === 0 && status === "failed"
    ? [{ title: name, error: firstLine(message) }]
    : failed;
}

/** What is read of Playwright's JSON report. */
interface PlaywrightReport {
  suites: PlaywrightSuite[];
  /** What went wrong outside of any test, as a world that did not start. */
  errors?: { message?: string }[];
}

interface PlaywrightSuite {
  title: string;
  suites?: PlaywrightSuite[];
  specs: { title: string; tests: PlaywrightOutcome[] }[];
}

interface PlaywrightOutcome {
  status: "expected" | "unexpected" | "flaky" | "skipped";
  annotations?: { type: string; description?: string }[];
  results?: { errors?: { message?: string }[] }[];
}

type PlaywrightTest = PlaywrightOutcome & { title: string };

/** The tests of a Playwright run, under the same rules as those of Vitest. */
export function playwrightResult(run: Run & { file: string }): SuiteResult {
  if (!existsSync(run.file)) {
    return resultOf(run, []);
  }
  // Playwright writes this file itself, in the shape that its documentation gives.
  const report = JSON.parse(readFileSync(run.file, "utf8")) as PlaywrightReport;
  const tests = report.suites.flatMap((suite) => testsOf(suite, []));
  const having = (status: string) => tests.filter((one) => one.status === status);
  const outside = (report.errors ?? []).map(({ message }) => ({
    title: "outside of the tests",
    error: firstLine(message),
  }));
  const failures = [...having("unexpected").map(failureOf), ...outside];
  const skips = having("skipped").map(({ title, annotations = [] }) => ({
    title,
    reason: annotations.find(({ type }) => type === "skip")?.description ?? "",
  }));
  return {
    ...resultOf(run, failures, tests.length === 0),
    passed: having("expected").length + having("flaky").length,
    skipped: skips.length,
    skips,
    flaky: having("flaky").map(({ title }) => title),
  };
}

function testsOf(suite: PlaywrightSuite, above: readonly string[]): PlaywrightTest[] {
  const path = [...above, suite.title];
  const own = suite.specs.flatMap(({ title, tests }) =>
    tests.map((one) => ({ ...one, title: [...path, title].join(" › ") })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, path))];
}

function failureOf({ title, results }: PlaywrightTest): Failure {
  return { title, error: firstLine(results?.at(-1)?.errors?.[0]?.message) };
}

const LINE = 160;

function firstLine(text = ""): string {
  const [line = ""] = stripVTControlCharacters(text).trim().split("\n");
  return line.length > LINE ? `${line.slice(0, LINE)}…` : line;
}

/** A result without counts of what passed; a run that failed in silence gets one failure. */
function resultOf(run: Run, failures: readonly Failure[], isEmpty = false): SuiteResult {
  const silent = failures.length === 0 && (run.status !== 0 || isEmpty);
  const all = silent
    ? [{ title: "the run", error: isEmpty ? "no test was run" : `exit code ${run.status}` }]
    : failures;
  const none = { passed: 0, skipped: 0, skips: [], flaky: [] };
  return { name: run.name, seconds: run.seconds, ...none, failed: all.length, failures: all };
}

/** Failures told at the very end; more than this and the others stand above the table. */
const TOLD_LAST = 12;

/**
 * The closing lines: every skipped test by name, a row for each suite, why tests were skipped, what
 * failed, and the sum. What matters most comes last, for often only the end of a log is kept.
 */
export function report(results: readonly SuiteResult[], notes: readonly string[]): string {
  const skipped = results.flatMap(({ name, skips }) =>
    skips.map(({ title }) => `skipped in ${name}: ${title}`),
  );
  const failures = results.flatMap(({ name, failures: all }) =>
    all.map(({ title, error }) => `failed in ${name}: ${title}: ${error}`),
  );
  const early = failures.slice(0, Math.max(0, failures.length - TOLD_LAST));
  const more = early.length === 0 ? [] : [`and ${early.length} more failed, named above the table`];
  const sum = (field: "passed" | "failed" | "skipped") =>
    results.reduce((total, one) => total + one[field], 0);
  return [
    ...skipped,
    ...early,
    "",
    ...results.map(rowOf),
    "",
    ...results.flatMap(asides),
    ...notes,
    ...more,
    ...failures.slice(early.length),
    `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`,
  ].join("\n");
}

function rowOf(one: SuiteResult): string {
  return (
    `${one.failed > 0 ? "✗" : "✓"} ${one.name.padEnd(28)}` +
    `${String(one.passed).padStart(6)} passed ${String(one.failed).padStart(4)} failed ` +
    `${String(one.skipped).padStart(4)} skipped ${String(one.seconds).padStart(5)} s`
  );
}

/** A line for each reason to skip, and one for what passed only when it was repeated. */
function asides({ name, skips, flaky }: SuiteResult): string[] {
  const reasons = Map.groupBy(skips, ({ reason }) => reason);
  const skipped = [...reasons].map(([reason, all]) => {
    const why = reason === "" ? (all[0]?.title ?? "") : reason;
    const others = reason === "" && all.length > 1 ? ` and ${all.length - 1} more` : "";
    return `${all.length} skipped in ${name}: ${why}${others}`;
  });
  return flaky.length === 0
    ? skipped
    : [...skipped, `${flaky.length} passed only when repeated in ${name}: ${flaky.join("; ")}`];
}
