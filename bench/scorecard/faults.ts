import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seed } from "#lib/testing/tier.ts";
import { mergeRows, ROWS, type Rows, readRows } from "./rows.ts";

/**
 * `npm run test:faults`: every suite that names a row of the fault matrix or of the threat table,
 * with all rounds, stores and doors. Words after `--` choose files by their path; `--seed` repeats
 * a run; `--save` keeps what came of each row for the scorecard.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, save: { type: "boolean", default: false } },
});
const chosenSeed = values.seed ?? String(seed());
const reports = mkdtempSync(join(tmpdir(), "conduit-faults-"));
process.once("exit", () => rmSync(reports, { recursive: true, force: true }));

const unit = filesThatNameRows("{lib,app,scripts,drizzle}/**/*.test.ts");
const endToEnd = filesThatNameRows("e2e/{faults,threats,kill,sdk,serverless}/**/*.spec.ts");
const browser = filesThatNameRows("e2e/console/*.spec.ts");

console.log(`Seed ${chosenSeed}`);
const runs = [
  vitest("embedded", unit, [], { CONDUIT_TEST_STORE: "embedded" }),
  vitest("postgres", databaseTests(unit), [], { CONDUIT_TEST_STORE: "postgres" }),
  vitest("end-to-end", endToEnd, ["--config", "vitest.e2e.config.ts"], {}),
  playwright(browser),
];
const rows = runs.map((run) => run.rows).reduce(mergeRows, {});
printRows(rows);
if (values.save) {
  const file = fileURLToPath(new URL("./rows.json", import.meta.url));
  writeFileSync(file, `${JSON.stringify(sorted(rows), null, 2)}\n`);
}
process.exitCode = runs.every((run) => run.ok) ? 0 : 1;

interface Run {
  ok: boolean;
  rows: Rows;
}

function filesThatNameRows(pattern: string): string[] {
  return globSync(pattern, { cwd: root })
    .filter((path) => /testing\/(?:reliability-rows|tier)\.ts/.test(textOf(path)))
    .filter((path) => positionals.length === 0 || positionals.some((word) => path.includes(word)))
    .sort();
}

function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function databaseTests(files: readonly string[]): string[] {
  return files.filter((path) => textOf(path).includes("testing/database.ts"));
}

function vitest(
  name: string,
  files: readonly string[],
  config: readonly string[],
  env: Readonly<Record<string, string>>,
): Run {
  const file = join(reports, `${name}.json`);
  const args = ["run", ...config, "--reporter=default", "--reporter=json"];
  const ok =
    files.length === 0 || run("vitest", [...args, `--outputFile.json=${file}`, ...files], env);
  return { ok, rows: readRows(file, "vitest", root) };
}

function playwright(files: readonly string[]): Run {
  const file = join(reports, "browser.json");
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const ok =
    files.length === 0 || run("playwright", ["test", "--reporter=list,json", ...files], env);
  return { ok, rows: readRows(file, "playwright", root) };
}

function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): boolean {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      CONDUIT_TEST_TIER: "all",
      CONDUIT_TEST_SEED: chosenSeed,
      ...env,
    },
  });
  return status === 0;
}

function printRows(found: Rows): void {
  console.log("");
  for (const [id, words] of ROWS) {
    const row = found[id];
    if (row !== undefined) {
      const mark = row.failed > 0 ? "✗" : "✓";
      console.log(`${mark} ${id.padEnd(4)}${words}: ${row.passed} passed, ${row.failed} failed`);
    }
  }
}

function sorted(found: Rows): Rows {
  return Object.fromEntries(
    ROWS.flatMap(([id]) => {
      const row = found[id];
      return row === undefined ? [] : [[id, row]];
    }),
  );
}
