import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seed } from "#lib/testing/tier.ts";
import { FIGURES } from "./figures.ts";
import { type Measurement, renderScorecard } from "./render.ts";
import type { Rows } from "./rows.ts";

/**
 * `npm run scorecard` measures every figure and writes docs/scorecard.md; that takes more than an
 * hour. `-- S4 S8` measures these alone and keeps the others as they were measured last;
 * `-- --render` measures nothing. `--seed` repeats a run.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const FIGURES_FILE = fileURLToPath(new URL("./figures.jsonl", import.meta.url));
const ROWS_FILE = fileURLToPath(new URL("./rows.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/scorecard.md", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, render: { type: "boolean", default: false } },
});

const failed = values.render ? [] : measure();
const measured = newestOfEach(readFigures());
writeFileSync(FIGURES_FILE, measured.map((one) => `${JSON.stringify(one)}\n`).join(""));
writeFileSync(PAGE, renderScorecard(measured, readRows()));
console.log(`Wrote docs/scorecard.md from ${measured.length} measurements.`);
for (const command of failed) {
  console.log(`Failed: ${command}`);
}
process.exitCode = failed.length === 0 ? 0 : 1;

/** Runs each command once, whatever the others said; gives those that failed. */
function measure(): string[] {
  return commands().filter((command) => {
    console.log(`\n── ${command}`);
    const { status } = spawnSync("sh", ["-c", command], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        CONDUIT_FIGURES: FIGURES_FILE,
        CONDUIT_TEST_TIER: "all",
        CONDUIT_TEST_SEED: values.seed ?? String(seed()),
      },
    });
    return status !== 0;
  });
}

/** All rows are one run, which measures most figures on its way. */
function commands(): string[] {
  if (positionals.length > 0) {
    const wanted = FIGURES.filter(({ id }) => positionals.includes(id));
    return [...new Set(wanted.map(({ command }) => command))];
  }
  const others = FIGURES.map(({ command }) => command).filter(
    (command) => !command.startsWith("npm run test:faults"),
  );
  return ["npm run test:faults -- --save", ...new Set(others)];
}

function readFigures(): Measurement[] {
  if (!existsSync(FIGURES_FILE)) {
    return [];
  }
  const lines = readFileSync(FIGURES_FILE, "utf8").split("\n");
  // `recordFigure` writes these lines.
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Measurement);
}

function newestOfEach(lines: readonly Measurement[]): Measurement[] {
  const newest = new Map<string, Measurement>();
  for (const one of lines) {
    newest.set(one.figure, one);
  }
  const order = FIGURES.map(({ id }) => id);
  const place = ({ figure }: Measurement) => order.indexOf(figure.split(".")[0] ?? "");
  return [...newest.values()].sort((left, right) => place(left) - place(right));
}

function readRows(): Rows {
  // `npm run test:faults -- --save` writes this file.
  return existsSync(ROWS_FILE) ? (JSON.parse(readFileSync(ROWS_FILE, "utf8")) as Rows) : {};
}
