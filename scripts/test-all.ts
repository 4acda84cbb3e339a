import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareMachine } from "./test-machine.ts";
import {
  lintResult,
  playwrightResult,
  report,
  type SuiteResult,
  vitestResult,
} from "./test-report.ts";
import { type Suite, suites } from "./test-suites.ts";

/**
 * Runs every suite, one after the other, whatever the earlier ones said, and closes with one line:
 * `N passed, N failed, N skipped`. The exit code is 0 only when nothing failed.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
/** No suite takes near this long; one that does is stuck, and the others still get their turn. */
const LIMIT_MINUTES = 15;

const reports = mkdtempSync(join(tmpdir(), "conduit-reports-"));
process.once("exit", () => rmSync(reports, { recursive: true, force: true }));

const notes = prepareMachine();
const results: SuiteResult[] = [];
for (const suite of suites(root)) {
  console.log(`\n── ${suite.name} ${"─".repeat(Math.max(0, 70 - suite.name.length))}`);
  results.push(await run(suite));
}
console.log(`\n${report(results, notes)}`);
process.exitCode = results.some((result) => result.failed > 0) ? 1 : 0;

async function run(suite: Suite): Promise<SuiteResult> {
  const startedAt = performance.now();
  const file = join(reports, `${suite.name.replaceAll(/\W+/g, "-")}.json`);
  const { args: extra, env, resultOf } = reporting(suite.kind, file);
  const [program, ...args] = [...suite.command, ...extra];
  const status = await runCommand([program ?? "", ...args], {
    env: { ...suite.env, ...env },
    limitMinutes: suite.limitMinutes ?? LIMIT_MINUTES,
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return resultOf({ name: suite.name, status, seconds, file });
}

/** How a kind of suite is asked for its report, and who reads it. */
function reporting(kind: Suite["kind"], file: string) {
  switch (kind) {
    case "vitest":
      return {
        args: ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
        env: {},
        resultOf: vitestResult,
      };
    case "playwright":
      return {
        args: ["--reporter=list,json"],
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
        resultOf: playwrightResult,
      };
    case "lint":
      return { args: [], env: {}, resultOf: lintResult };
    default:
      return kind satisfies never;
  }
}

function runCommand(
  [program = "", ...args]: readonly string[],
  { env, limitMinutes }: { env: Readonly<Record<string, string>>; limitMinutes: number },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      // A suite gets no terminal to ask questions on.
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
      timeout: limitMinutes * 60_000,
      killSignal: "SIGKILL",
    });
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("exit", (code, signal) => {
      if (signal !== null) {
        console.error(`Ended by ${signal} after at most ${limitMinutes} minutes.`);
      }
      resolve(code ?? 1);
    });
  });
}
