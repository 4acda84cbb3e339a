import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";

/** A Redis of its own for one test file. */
export interface TestRedis {
  url: string;
  port: number;
  /** Asks it directly, past all breakers. */
  client: Redis;
  /** Freezes the process: it accepts connections and answers nothing. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;
const START_STEP_MS = 20;

/** The path of `redis-server`, or `undefined` where none is installed. */
export function findRedisServer(): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "redis-server"))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts `redis-server` from PATH, on a free port when none is given, keeping nothing on disk.
 * Throws without one.
 */
export async function startRedis(wantedPort?: number): Promise<TestRedis> {
  const path = findRedisServer();
  if (path === undefined) {
    throw new Error("redis-server is not on PATH.");
  }
  const directory = mkdtempSync(join(tmpdir(), "conduit-redis-"));
  const port = wantedPort ?? (await freePort());
  const child = spawn(
    path,
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    { cwd: directory, stdio: "ignore" },
  );
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true, protocol: 2 });
  client.on("error", () => undefined);
  await awaitReady(client, child);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    async stop() {
      client.disconnect();
      child.kill("SIGCONT");
      await ended(child);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function awaitReady(client: Redis, child: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs && child.exitCode === null) {
    try {
      await client.ping();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, START_STEP_MS));
    }
  }
  client.disconnect();
  child.kill("SIGKILL");
  throw new Error("redis-server did not start.");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

export interface UpstashShim {
  url: string;
  token: string;
  stop(): Promise<void>;
}

type Command = (string | number)[];
type Reply = { result: unknown } | { error: string };

/**
 * Upstash's REST interface in front of a Redis: `POST /` with one command as a JSON array,
 * `POST /pipeline` and `POST /multi-exec` with several, under a bearer token.
 */
export async function startUpstashShim(redis: TestRedis): Promise<UpstashShim> {
  const token = "upstash-shim-token";
  const server = createServer((request, response) => {
    answer({ request, response, redis: redis.client, token }).catch((error: unknown) => {
      reply(response, 500, { error: String(error) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, token, stop: () => closed(server) };
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  redis: Redis;
  token: string;
}

async function answer({ request, response, redis, token }: Call): Promise<void> {
  if (request.headers.authorization !== `Bearer ${token}`) {
    reply(response, 401, { error: "Unauthorized" });
    return;
  }
  const body = await bodyOf(request);
  const encode = request.headers["upstash-encoding"] === "base64" ? toBase64 : identity;
  if (request.url === "/pipeline") {
    const replies = await Promise.all((body as Command[]).map((command) => ask(redis, command)));
    reply(response, 200, replies.map(encode));
  } else if (request.url === "/multi-exec") {
    reply(response, 200, (await transact(redis, body as Command[])).map(encode));
  } else {
    const one = await ask(redis, body as Command);
    reply(response, "error" in one ? 400 : 200, encode(one));
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
  }
  return JSON.parse(text);
}

/** Upstash accepts scripts that begin with its own flag; Redis does not know it. */
function translate([name, ...args]: Command): [string, Command] {
  const command = String(name);
  if (command.toUpperCase() === "EVAL") {
    const [script, ...rest] = args;
    return [command, [String(script).replace(/^#!lua flags=allow-key-locking\n/, ""), ...rest]];
  }
  return [command, args];
}

async function ask(redis: Redis, command: Command): Promise<Reply> {
  const [name, args] = translate(command);
  try {
    return { result: await redis.call(name, ...args) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function transact(redis: Redis, commands: Command[]): Promise<Reply[]> {
  const transaction = redis.multi();
  for (const command of commands) {
    const [name, args] = translate(command);
    transaction.call(name, ...args);
  }
  const results = (await transaction.exec()) ?? [];
  return results.map(([error, result]) => (error === null ? { result } : { error: error.message }));
}

function identity(value: Reply): Reply {
  return value;
}

function toBase64(value: Reply): Reply {
  return "error" in value ? value : { result: encodeStrings(value.result) };
}

/** Everything that is a string comes in base64, the plain "OK" apart. */
function encodeStrings(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(encodeStrings);
  }
  return typeof value === "string" && value !== "OK"
    ? Buffer.from(value).toString("base64")
    : value;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
