import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "#lib/testing/process.ts";
import type { Contestant, StartOptions } from "../contestant.ts";

const directory = fileURLToPath(new URL("../.peers/", import.meta.url));
const VERSION = "1.15.2";

/** The versions that this release was built against; newer ones do not start with it. */
const PACKAGE = {
  name: "bench-peers",
  private: true,
  dependencies: { "@portkey-ai/gateway": VERSION },
  overrides: { hono: "4.9.7", "@hono/node-server": "1.13.5" },
};

const READY_MS = 20_000;

/** Portkey's open-source gateway, as its package starts it, told by its config header where to go. */
export async function startPortkey({ upstreamUrl }: StartOptions): Promise<Contestant> {
  install();
  const port = await freePort();
  const script = `${directory}node_modules/@portkey-ai/gateway/build/start-server.js`;
  const child = spawn(process.execPath, [script, "--headless", `--port=${port}`], {
    cwd: directory,
    stdio: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  const url = `http://127.0.0.1:${port}`;
  await whenAnswering(url);
  return {
    name: "portkey",
    label: `Portkey ${VERSION}`,
    url,
    pid: child.pid ?? -1,
    headers: {
      "x-portkey-config": JSON.stringify({
        provider: "openai",
        api_key: "upstream-key",
        custom_host: `${upstreamUrl}/v1`,
      }),
    },
    facts: [
      `Portkey ${VERSION} (\`@portkey-ai/gateway\` from npm, \`node build/start-server.js --headless\`), hono ${versionOf("hono")}, @hono/node-server ${versionOf("@hono/node-server")}; no keys, limits, budgets or log store`,
    ],
    stop: async () => {
      child.kill("SIGKILL");
    },
  };
}

function install(): void {
  if (existsSync(`${directory}node_modules/@portkey-ai/gateway`)) {
    return;
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}package.json`, `${JSON.stringify(PACKAGE, null, 2)}\n`);
  console.log(`installing Portkey ${VERSION} into bench/.peers`);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function versionOf(name: string): string {
  const text = readFileSync(`${directory}node_modules/${name}/package.json`, "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

async function whenAnswering(url: string): Promise<void> {
  const deadlineMs = performance.now() + READY_MS;
  while (performance.now() < deadlineMs) {
    try {
      await fetch(url);
      return;
    } catch {
      // Not listening yet.
      await sleep(50);
    }
  }
  throw new Error("Portkey did not start.");
}
