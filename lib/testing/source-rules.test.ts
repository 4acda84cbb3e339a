import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { threat } from "./reliability-rows.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Everything that runs in production. */
const SOURCES = globSync(["lib/**/*.{ts,tsx}", "app/**/*.{ts,tsx}", "drizzle/**/*.ts", "*.ts"], {
  cwd: root,
})
  .filter((file) => !/\.(?:test|spec)\.tsx?$|^lib\/testing\/|\.d\.ts$/.test(file))
  .toSorted();

const read = (file: string): string => readFileSync(`${root}${file}`, "utf8");

/** Code without its comments and without what stands in its strings. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1")
    .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
}

describe(threat("T29"), () => {
  const EVALUATED: readonly (readonly [string, RegExp])[] = [
    ["eval", /(?<![\w.])eval\s*\((?!lua: string)/],
    ["the Function constructor", /\bnew\s+Function\b|(?<![\w.])Function\s*\(/],
    ["a constructor's constructor", /\.constructor\s*\.\s*constructor|\.constructor\s*\(/],
    ["node:vm", /from\s+""\s*;?.*node:vm|\bvm\s*\.\s*(?:run|Script|create|compile)/],
    ["timers of text", /\bset(?:Timeout|Interval)\s*\(\s*["'`]/],
    ["a shell", /\bexecSync\s*\(|\bexec\s*\(\s*`/],
  ];

  it("reads more than a handful of files", () => {
    expect(SOURCES.length).toBeGreaterThan(500);
  });

  it.each(EVALUATED)("no file uses %s", (_, pattern) => {
    expect(SOURCES.filter((file) => pattern.test(codeOf(read(file))))).toEqual([]);
  });

  it("no file imports what runs code from text, or starts programs", () => {
    const modules =
      /(?:from|import|require)\s*\(?\s*["'](?:node:)?(?:vm|child_process|repl|inspector)["']/;
    expect(SOURCES.filter((file) => modules.test(read(file)))).toEqual([]);
  });

  it("modules that are loaded by a name at run time are named in the file itself", () => {
    // A name in quotes is fixed; anything else could come from outside.
    const open = /\bimport\s*\(\s*(?!["'])/;
    expect(SOURCES.filter((file) => open.test(codeOf(read(file)).replace(/""/g, '"x"')))).toEqual(
      [],
    );
  });
});

/**
 * Where SQL is put together from text, and why that text is ours. Whatever else needs it is to be
 * looked at, and written down here.
 */
const RAW_SQL: Readonly<Record<string, string>> = {
  "lib/db/analytics.ts": "a number of a loop",
  "lib/db/cache-embeddings.ts": "a whole number, constants, and a quoted comment",
  "lib/db/cache-stats.ts": "the bounds of a histogram",
  "lib/db/deployment-usage.ts": "a number of a loop",
  "lib/db/migrate.ts": "the migrations themselves",
  "lib/db/partitions.ts": "names and bounds that are made of a day's number",
  "lib/db/ping.ts": "a constant",
  "lib/db/request-logs-read.ts": "one of two words, chosen by a flag",
  "lib/db/request-logs.ts": "a constant expression",
  "lib/db/usage-rollup.ts": "constant expressions",
  "lib/db/usage-source.ts": "the bounds of a histogram and column names of ours",
  "lib/db/usage-totals.ts": "constant expressions",
  "lib/db/verdicts.ts": "a constant expression",
};

describe(threat("T12"), () => {
  const RAW = /\bsql\.raw\s*\(|\.unsafe\s*\(/;

  it("SQL is put together from text only where this list says why", () => {
    expect(SOURCES.filter((file) => RAW.test(codeOf(read(file))))).toEqual(
      Object.keys(RAW_SQL).toSorted(),
    );
  });

  it("no such file knows of a request, or is a door", () => {
    for (const file of Object.keys(RAW_SQL)) {
      expect(file).toMatch(/^lib\/db\//);
      expect(read(file), file).not.toMatch(
        /\b(?:Request|URLSearchParams|IncomingMessage|headers)\b/,
      );
    }
  });

  it("SQL is written nowhere but in the stores", () => {
    // A constant, by which the health page asks whether anybody is there.
    const ping = /`select 1`/g;
    const writes = /\bsql`|\bgetSql\(\)`|\bgetSql\("\w+"\)`/;
    const elsewhere = SOURCES.filter((file) => writes.test(read(file).replace(ping, ""))).filter(
      (file) => !/^lib\/db\/|^drizzle\//.test(file),
    );
    expect(elsewhere).toEqual([]);
  });
});
