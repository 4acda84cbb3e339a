import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Suite {
  name: string;
  /** `lint` counts as one test; the others as those that they ran. */
  kind: "lint" | "vitest" | "playwright";
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** How long it may take; 15 minutes unless told. */
  limitMinutes?: number;
}

const npm = (script: string): readonly string[] => ["npm", "run", "--silent", script];
const vitest = (...args: readonly string[]) => ["vitest", "run", ...args];
const endToEnd = (...folders: readonly string[]) =>
  vitest("--config", "vitest.e2e.config.ts", ...folders.map((folder) => `e2e/${folder}/`));
/** Files whose servers are their own to the port, and which wait more than they work. */
const twoAtOnce = ["--fileParallelism", "--maxWorkers=2"] as const;

/** Every suite, in the order in which a mistake is found soonest. */
export function suites(root: string): Suite[] {
  return [
    { name: "vendored assets", kind: "lint", command: ["node", "scripts/vendor-assets.ts"] },
    { name: "check", kind: "lint", command: npm("check") },
    { name: "types", kind: "lint", command: npm("types") },
    { name: "walls", kind: "lint", command: npm("walls") },
    { name: "dead code", kind: "lint", command: npm("dead") },
    { name: "unit, embedded database", kind: "vitest", command: vitest() },
    {
      name: "unit, real Postgres",
      kind: "vitest",
      command: vitest(...databaseTests(root)),
      env: { CONDUIT_TEST_STORE: "postgres" },
    },
    { name: "build", kind: "lint", command: npm("build"), env: { NODE_ENV: "production" } },
    { name: "official SDKs, both doors", kind: "vitest", command: endToEnd("sdk") },
    { name: "serverless", kind: "vitest", command: endToEnd("serverless") },
    { name: "quick start", kind: "vitest", command: endToEnd("quickstart") },
    {
      name: "faults, threats, kill -9",
      kind: "vitest",
      command: [...endToEnd("faults", "threats", "kill"), ...twoAtOnce],
    },
    {
      name: "console, in a browser",
      kind: "playwright",
      command: ["playwright", "test"],
      limitMinutes: 60,
    },
  ];
}

/**
 * Unit tests that run on whichever store `CONDUIT_TEST_STORE` names: only these have anything to say
 * on another one. Those that open a store by its name do the same in every run.
 */
export function databaseTests(root: string): string[] {
  return globSync("{lib,drizzle,app,scripts}/**/*.test.ts", { cwd: root })
    .filter((path) =>
      /\b(?:openTestDatabase|testStore)\(\)/.test(readFileSync(join(root, path), "utf8")),
    )
    .sort();
}
