import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildStamp } from "./build-stamp.ts";

/**
 * `build` builds what is missing or out of date; `start` does the same and runs the server for
 * production; `dev` runs it with hot reload and the settings of development. A launch ends when the
 * server ends, with its exit code.
 */
const MODES = { build: prepareStart, start: prepareStart, dev: prepareDev } as const;

/** Keeps the resident set small; see docs/decisions/0009. The Dockerfile's CMD holds the same flags. */
const SERVER_FLAGS = ["--max-semi-space-size=16", "--heap-growing-percent=30"];

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = fileURLToPath(new URL("../.next/conduit-build", import.meta.url));

const mode = process.argv[2] ?? "start";
if (mode !== "build" && mode !== "start" && mode !== "dev") {
  console.error(`"${mode}" is not known. Use: launch.ts build | start | dev`);
  process.exit(64);
}
MODES[mode]();
if (mode !== "build") {
  runServer();
}

function prepareStart(): void {
  Object.assign(process.env, { NODE_ENV: "production" });
  vendorAssets();
  const stamp = buildStamp(root);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    return;
  }
  console.log("Building the pages. This takes about a minute, and happens once for each version.");
  runStep(["node_modules/next/dist/bin/next", "build"]);
  writeFileSync(stampFile, stamp);
}

function prepareDev(): void {
  Object.assign(process.env, { NODE_ENV: "development" });
  process.env["CONDUIT_ENV"] ??= "development";
  // Development makes an alias for every name, which has no business in a production database.
  process.env["CONDUIT_DATA_DIR"] ??= ".conduit-dev";
  vendorAssets();
}

function vendorAssets(): void {
  runStep(["scripts/vendor-assets.ts"]);
}

/** Runs a step to its end; a failed step ends the launch with its exit code. */
function runStep(args: readonly string[]): void {
  // Whoever starts the gateway wants to read of a build only when it failed.
  const stdio = mode === "start" ? "pipe" : "inherit";
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, stdio });
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
    process.exit(status ?? 1);
  }
}

function runServer(): void {
  const options: SpawnOptions = { cwd: root, stdio: "inherit" };
  const server = spawn(process.execPath, [...SERVER_FLAGS, "server.ts"], options);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => server.kill(signal));
  }
  // A terminal sends Ctrl-C to the server too; the launcher only has to outlive its shutdown.
  process.on("SIGINT", () => undefined);
  server.on("exit", (code) => process.exit(code ?? 1));
}
