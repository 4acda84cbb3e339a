import { existsSync, readFileSync } from "node:fs";
import { FAULTS, THREATS } from "#lib/testing/reliability-rows.ts";

/** What the tests that name a row came to. */
export interface RowResult {
  passed: number;
  failed: number;
  skipped: number;
  /** Paths of the test files, from the repository's root. */
  files: string[];
}

export type Rows = Record<string, RowResult>;

/** Every row of both tables with its words, faults first. */
export const ROWS: readonly (readonly [string, string])[] = [
  ...Object.entries(FAULTS),
  ...Object.entries(THREATS),
];

interface NamedTest {
  name: string;
  status: "passed" | "failed" | "skipped";
  file: string;
}

/** What Vitest's JSON report says of each test. */
interface VitestReport {
  testResults: {
    name: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

interface PlaywrightSuite {
  title: string;
  file?: string;
  suites?: PlaywrightSuite[];
  specs: { title: string; tests: { status: string }[] }[];
}

/** Sums the tests of a report by the rows that their names begin a part with: `F7 · …`. */
export function readRows(report: string, kind: "vitest" | "playwright", root: string): Rows {
  const tests = existsSync(report) ? testsOf(report, kind, root) : [];
  const rows: Rows = {};
  for (const { name, status, file } of tests) {
    for (const [, id = ""] of name.matchAll(/\b([FT]\d{1,2}) · /g)) {
      const row = rows[id] ?? { passed: 0, failed: 0, skipped: 0, files: [] };
      row[status] += 1;
      row.files = [...new Set([...row.files, file])].sort();
      rows[id] = row;
    }
  }
  return rows;
}

function testsOf(report: string, kind: "vitest" | "playwright", root: string): NamedTest[] {
  // Both runners write these files themselves, in the shapes that their documentation gives.
  const json: unknown = JSON.parse(readFileSync(report, "utf8"));
  if (kind === "vitest") {
    return (json as VitestReport).testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((one) => ({
        name: one.fullName,
        status: one.status === "passed" || one.status === "failed" ? one.status : "skipped",
        file: name.replace(root, ""),
      })),
    );
  }
  return (json as { suites: PlaywrightSuite[] }).suites.flatMap((suite) => testsIn(suite, ""));
}

function testsIn(suite: PlaywrightSuite, before: string): NamedTest[] {
  const title = `${before} ${suite.title}`;
  const own = suite.specs.map((spec) => ({
    name: `${title} ${spec.title}`,
    status: statusOf(spec.tests.map(({ status }) => status)),
    file: `e2e/console/${suite.file ?? ""}`,
  }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsIn(inner, title))];
}

function statusOf(statuses: readonly string[]): NamedTest["status"] {
  if (statuses.includes("unexpected")) {
    return "failed";
  }
  return statuses.every((status) => status === "skipped") ? "skipped" : "passed";
}

/** Adds what another run said of the same rows. */
export function mergeRows(left: Rows, right: Rows): Rows {
  const merged: Rows = { ...left };
  for (const [id, row] of Object.entries(right)) {
    const other = merged[id];
    merged[id] =
      other === undefined
        ? row
        : {
            passed: other.passed + row.passed,
            failed: other.failed + row.failed,
            skipped: other.skipped + row.skipped,
            files: [...new Set([...other.files, ...row.files])].sort(),
          };
  }
  return merged;
}
