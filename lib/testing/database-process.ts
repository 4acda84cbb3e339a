import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** A second process that opens a database as the server does. */
export interface DatabaseProcess {
  child: ChildProcess;
  pid: number;
  /** What it wrote until now. */
  output(): string;
  /** Resolves when it has the database open and migrated; throws what it said when it ended. */
  opened: Promise<void>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
}

const PROGRAM = `
  import { openDatabase, closeDatabase } from "#lib/db/client.ts";
  import { claimInstance } from "#lib/db/locks.ts";
  import { migrate } from "#lib/db/migrate.ts";
  import { parseEnv } from "#lib/env.ts";
  const env = parseEnv(process.env);
  try {
    await openDatabase(env);
    await migrate();
    await claimInstance(env);
    process.once("SIGTERM", () => closeDatabase().then(() => process.exit(0)));
    process.stdout.write("opened\\n");
    setInterval(() => undefined, 1000);
  } catch (error) {
    process.stdout.write(error.message + "\\n");
    process.exit(error.exitCode ?? 1);
  }
`;

/** Starts one with these settings and none of ours. */
export function startDatabaseProcess(settings: Readonly<Record<string, string>>): DatabaseProcess {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", PROGRAM], {
    cwd: join(import.meta.dirname, "../.."),
    env: {
      NODE_ENV: "production",
      PATH: process.env["PATH"],
      CONDUIT_LOG_LEVEL: "silent",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<number | NodeJS.Signals | null>((done) => {
    child.once("exit", (code, signal) => done(code ?? signal));
  });
  const opened = new Promise<void>((done, fail) => {
    const listen = (part: string) => {
      text += part;
      if (text.includes("opened\n")) {
        done();
      }
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
    child.once("close", () => fail(new Error(text)));
  });
  // Whoever only waits for the end need not also look at this one.
  opened.catch(() => undefined);
  return { child, pid: child.pid ?? 0, output: () => text, opened, ended };
}
