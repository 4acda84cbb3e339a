import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface ServerOptions {
  /** Settings beside the port and the data directory; `undefined` leaves one out. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Kept by the caller and used again; without one a new directory is made and removed. */
  dataDir?: string;
  /** Fills a directory that was newly made, before the server looks at it. */
  prepare?: ((dataDir: string) => Promise<void>) | undefined;
  /** Default: a free one. */
  port?: number;
  /** How long `/readyz` may take to answer 200; default 60 s. */
  readyWithinMs?: number;
  /** What to run instead of `node server.ts`, as `["npm", "run", "dev"]`. */
  command?: readonly [string, ...string[]];
  /** Flags for Node, as `--max-old-space-size`. */
  nodeFlags?: readonly string[];
}

export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  stdout: () => string;
  stderr: () => string;
  exited: Promise<ServerExit>;
  /** Sends a signal to the server and resolves when it is gone. */
  kill: (signal: NodeJS.Signals) => Promise<ServerExit>;
  /** Ends it kindly, then by force after ten seconds, and removes what was made for it. */
  close: () => Promise<void>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What a server needs of the machine. Settings of the developer's own shell must not leak in. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "SystemRoot"] as const;

/**
 * Starts the real server as a process of its own and waits until it is ready. Throws with what it
 * printed when it exits first or does not become ready.
 */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const server = await spawnServer(options);
  const limitMs = options.readyWithinMs ?? 60_000;
  const ready = await Promise.race([
    whenReady(`${server.url}${options.env?.["CONDUIT_BASE_PATH"] ?? ""}`, limitMs),
    server.exited.then((exit) => `It exited with ${exit.code ?? exit.signal}.`),
  ]);
  if (ready !== "ready") {
    const said = `${server.stdout()}\n${server.stderr()}`.trim();
    await server.close();
    throw new Error(`The server did not become ready. ${ready}\n${said}`);
  }
  return server;
}

/** Starts the server without waiting, to watch how it starts, or fails to. */
export async function spawnServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "conduit-data-"));
  if (options.dataDir === undefined) {
    await options.prepare?.(dataDir);
  }
  const [program, ...args] = options.command ?? [
    process.execPath,
    ...(options.nodeFlags ?? []),
    "server.ts",
  ];
  const child = spawn(program, args, {
    cwd: root,
    env: environment(options, port, dataDir),
    stdio: ["ignore", "pipe", "pipe"],
    // A command such as npm has the server as its child: a group of its own ends with it.
    detached: options.command !== undefined,
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const exited = new Promise<ServerExit>((resolve) => {
    child.once("error", () => resolve({ code: -1, signal: null }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const kill = (signal: NodeJS.Signals): Promise<ServerExit> => {
    signalTo(child, signal, options.command !== undefined);
    return exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? -1,
    dataDir,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exited,
    kill,
    close: async () => {
      const force = setTimeout(() => void kill("SIGKILL"), 10_000);
      await kill("SIGTERM");
      clearTimeout(force);
      if (options.dataDir === undefined) {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
}

function environment(options: ServerOptions, port: number, dataDir: string): NodeJS.ProcessEnv {
  const inherited = INHERITED.map((name) => [name, process.env[name]] as const);
  const settings: Record<string, string | undefined> = {
    ...Object.fromEntries(inherited),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    PORT: String(port),
    HOST: "127.0.0.1",
    CONDUIT_DATA_DIR: dataDir,
    CONDUIT_LOG_LEVEL: "warn",
    CONDUIT_DRAIN_SECONDS: "0",
    ...options.env,
  };
  const set = Object.entries(settings).filter(([, value]) => value !== undefined);
  // Next's types make NODE_ENV a required key, which `fromEntries` cannot show.
  return Object.fromEntries(set) as NodeJS.ProcessEnv;
}

function signalTo(child: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  if (!group) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was asked for.
  }
}

async function whenReady(url: string, limitMs: number): Promise<string> {
  const deadline = performance.now() + limitMs;
  let last = "Nothing answered.";
  while (performance.now() < deadline) {
    try {
      const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
      if (reply.ok) {
        return "ready";
      }
      last = `/readyz answered ${reply.status}: ${await reply.text()}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(25);
  }
  return last;
}

/** A port on 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("No port is free.")),
      );
    });
  });
}
