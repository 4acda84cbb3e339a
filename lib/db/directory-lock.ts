import { randomBytes } from "node:crypto";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Somebody else holds the data directory; the start exits with code 75 (`EX_TEMPFAIL`). */
class DirectoryInUseError extends Error {
  readonly exitCode = 75;
  constructor(dataDir: string, holder: string) {
    super(
      `The data directory ${dataDir} is in use by ${holder}. Two processes on one embedded database ` +
        "lose data. Stop that process first, give this one a CONDUIT_DATA_DIR of its own, or set DATABASE_URL.",
    );
    this.name = "DirectoryInUseError";
  }
}

export interface DirectoryLock {
  release(): Promise<void>;
}

const LOCK_NAME = /^lock-.+\.sock$/;
const ANSWER_TIMEOUT_MS = 5_000;
const MAX_ROUNDS = 20;

/**
 * Takes the data directory for this process. Throws `DirectoryInUseError` naming the holder.
 *
 * The lock is a listening unix socket: the kernel closes it with its process however that ends, and
 * unlike a process id it means the same in every container that shares the directory. Each process
 * first listens under a name of its own and then asks all others, so of two that start together at
 * least one sees the other. A name is never used twice, so removing a dead one can hurt nobody.
 */
export async function lockDirectory(dataDir: string, runDirectory: string): Promise<DirectoryLock> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const claim = await listen(runDirectory);
    const others = await askOthers(runDirectory, claim.name);
    if (others.length === 0) {
      claim.hold();
      return { release: claim.release };
    }
    await claim.release();
    const holder = others.find((other) => other.state !== "claiming");
    if (holder !== undefined) {
      throw new DirectoryInUseError(dataDir, holder.who);
    }
    // Both withdrew; whoever sleeps less comes first.
    await sleep(10 + Math.random() * 90);
  }
  throw new DirectoryInUseError(dataDir, "several processes that start at the same time");
}

interface Claim {
  name: string;
  hold(): void;
  release(): Promise<void>;
}

async function listen(runDirectory: string): Promise<Claim> {
  let state: Answer["state"] = "claiming";
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(JSON.stringify({ pid: process.pid, state }));
  });
  const name = `lock-${process.pid}-${randomBytes(4).toString("hex")}.sock`;
  const path = join(runDirectory, name);
  // Between bind and listen a socket refuses connections and would pass for a dead one, so it gets
  // the name that others look for only when it answers.
  const draft = join(runDirectory, `draft-${randomBytes(4).toString("hex")}`);
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(draft, done);
  });
  renameSync(draft, path);
  return {
    name,
    hold: () => {
      state = "holding";
      // The lock alone must not keep a process alive that has nothing left to do.
      server.unref();
    },
    release: async () => {
      rmSync(path, { force: true });
      await closeServer(server);
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

interface Answer {
  state: "claiming" | "holding" | "silent";
  who: string;
}

async function askOthers(runDirectory: string, ownName: string): Promise<Answer[]> {
  const names = readdirSync(runDirectory).filter(
    (name) => LOCK_NAME.test(name) && name !== ownName,
  );
  const answers = await Promise.all(names.map((name) => ask(join(runDirectory, name))));
  return answers.filter((answer) => answer !== null);
}

/** What the process behind a lock says; `null` when there is none, and then its socket is removed. */
function ask(path: string): Promise<Answer | null> {
  return new Promise((done) => {
    let text = "";
    const socket = connect(path);
    const silent: Answer = { state: "silent", who: "a process that does not answer" };
    // A stopped process still accepts in the kernel. It is alive, so it counts.
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      socket.destroy();
      done(silent);
    });
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    socket.once("end", () => done(answerOf(text) ?? silent));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const dead = error.code === "ECONNREFUSED" || error.code === "ENOENT";
      if (dead) {
        rmSync(path, { force: true });
      }
      done(dead ? null : silent);
    });
  });
}

function answerOf(text: string): Answer | undefined {
  const match = /^\{"pid":(\d+),"state":"(claiming|holding)"\}$/.exec(text);
  if (match === null) {
    return undefined;
  }
  return { state: match[2] === "claiming" ? "claiming" : "holding", who: `process ${match[1]}` };
}
