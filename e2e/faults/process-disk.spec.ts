import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { spawnServer } from "#lib/testing/process.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { tier } from "#lib/testing/tier.ts";
import { ask, errorOf, type Outcome } from "./client.ts";
import { expectInvariants, metric } from "./invariants.ts";
import { probe, until } from "./until.ts";
import { type FaultWorld, hasStores, startFaultWorld } from "./world.ts";

const MODEL = "sturdy";
/** What the process's files may have from now on: less than any of them has already. */
const NO_ROOM_BYTES = 1024;

let world: FaultWorld | undefined;
const mounts: string[] = [];

afterEach(async () => {
  await world?.close();
  world = undefined;
  for (const path of mounts.splice(0)) {
    execFileSync("umount", ["-l", path]);
    rmSync(path, { recursive: true, force: true });
  }
});

const canLimit = hasProgram("prlimit", "--version");
const canMount = process.getuid?.() === 0 && tryMount();

describe(fault("F31"), () => {
  it.runIf(canMount)(
    "neither journal nor database can be written: keys with a budget wait, others are served and none of their rows is lost",
    async () => {
      const dataDir = mountSmall(64);
      const filler = join(dataDir, "filler");
      world = await startFaultWorld({ store: "embedded", env: { CONDUIT_DATA_DIR: dataDir } });
      await spoilEverything(world, {
        fill: async () => fillUp(filler),
        free: async () => rmSync(filler),
      });
    },
    180_000,
  );

  // The embedded database knows no limit on files; a server that is away takes nothing either.
  it.runIf(canLimit && hasStores() && (tier() === "all" || !canMount))(
    "the same without a file system of its own, and with the database elsewhere",
    async () => {
      world = await startFaultWorld({ store: "stores" });
      const { gateway, postgres } = world;
      await spoilEverything(world, {
        fill: async () => {
          limitFiles(gateway.pid, NO_ROOM_BYTES);
          await postgres?.crash();
        },
        free: async () => {
          limitFiles(gateway.pid, "unlimited");
          await postgres?.restart();
        },
      });
    },
    180_000,
  );

  it.runIf(canMount && tier() === "all")(
    "the journal alone is full: every row goes to the database before its answer ends",
    async () => {
      const dataDir = makeTestDirectory();
      const journal = join(dataDir, "journal");
      mkdirSync(journal, { mode: 0o700 });
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", journal]);
      mounts.push(journal);
      world = await startFaultWorld({ store: "embedded", env: { CONDUIT_DATA_DIR: dataDir } });
      await spoilJournal(world, () => fillUp(join(journal, "filler")));
    },
    180_000,
  );

  it.runIf(canLimit && hasStores() && (tier() === "all" || !canMount))(
    "the journal alone fails where the database is elsewhere",
    async () => {
      world = await startFaultWorld({ store: "stores" });
      await spoilJournal(world, () => limitFiles(world?.gateway.pid, NO_ROOM_BYTES));
    },
    180_000,
  );
});

describe(fault("F32"), () => {
  it("is told who has the data directory, and ends with 75 without having touched it", async () => {
    world = await startFaultWorld({ store: "embedded" });
    const { gateway } = world;
    const second = await spawnServer({ dataDir: gateway.dataDir });
    expect(await second.exited).toEqual({ code: 75, signal: null });
    expect(second.stderr()).toContain(`is in use by process ${gateway.pid}`);
    await world.addModel(MODEL);
    const { key } = await gateway.addKey({ budget_limit_usd: "1" });
    const outcome = await ask({ url: gateway.url, key, model: MODEL });
    expect(outcome.status).toBe(200);
    await expectInvariants(world, { outcomes: [outcome] });
  }, 180_000);
});

interface Disk {
  fill: () => Promise<void>;
  free: () => Promise<void>;
}

/** Both keys ask before, while and after nothing can be written. */
async function spoilEverything(here: FaultWorld, disk: Disk): Promise<void> {
  const { gateway } = here;
  await here.addModel(MODEL);
  const counted = await gateway.addKey({ budget_limit_usd: "1000" });
  const free = await gateway.addKey();
  const call = (key: string) => ask({ url: gateway.url, key, model: MODEL });
  const outcomes: Outcome[] = [await call(counted.key), await call(free.key)];
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200]);

  await disk.fill();
  // The first one finds out. Its answer is there already, so it is given.
  await until("records are in memory alone", async () => {
    outcomes.push(await call(free.key));
    return ((await metric(gateway, "conduit_ledger_unsafe_rows")) ?? 0) > 0;
  });
  const refused = await call(counted.key);
  expect([refused.status, errorOf(refused)?.code]).toEqual([503, "budget_store_unavailable"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  const served = await call(free.key);
  expect(served.status).toBe(200);
  outcomes.push(refused, served);
  await until("the probe tells", async () => {
    const { status, body } = await probe(gateway.url, "/readyz");
    return status === 200 && String(body["degraded"]) === "journal,database";
  });
  expect(await metric(gateway, "conduit_journal_write_failures")).toBeGreaterThan(0);

  await disk.free();
  await until("all is well again", async () => {
    const last = await call(counted.key);
    outcomes.push(last);
    const { body } = await probe(gateway.url, "/readyz");
    return last.status === 200 && body["degraded"] === undefined;
  });
  expect(outcomes.every(({ status }) => status === 200 || status === 503)).toBe(true);
  await until(
    "nothing is in memory alone",
    async () => (await metric(gateway, "conduit_ledger_unsafe_rows")) === 0,
  );
  expect(await metric(gateway, "conduit_ledger_lost_rows")).toBe(0);
  await expectInvariants(here, { outcomes });
}

/** The journal fails for good; a kill shows that rows did not wait in memory. */
async function spoilJournal(here: FaultWorld, fill: () => void): Promise<void> {
  const { gateway } = here;
  await here.addModel(MODEL);
  const { key } = await gateway.addKey({ budget_limit_usd: "1000" });
  const call = () => ask({ url: gateway.url, key, model: MODEL });
  const outcomes = [await call()];
  fill();
  outcomes.push(...(await Promise.all(Array.from({ length: 20 }, call))));
  outcomes.push(...(await Promise.all(Array.from({ length: 20 }, call))));
  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 200));
  expect((await probe(gateway.url, "/readyz")).body).toEqual({
    status: "ok",
    degraded: ["journal"],
  });
  expect(await metric(gateway, "conduit_journal_write_failures")).toBeGreaterThan(0);
  await expectInvariants(here, { outcomes });
}

/** The process's limit on the size of a file; a write beyond it fails as on a full disk. */
function limitFiles(pid: number | undefined, most: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${most}:unlimited`]);
}

function mountSmall(mebibytes: number): string {
  const path = makeTestDirectory();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=0700`, "tmpfs", path]);
  mounts.push(path);
  return path;
}

/** Takes all the room that is left. */
function fillUp(path: string): void {
  const block = Buffer.alloc(64 * 1024);
  for (const size of [block.length, 4096, 1]) {
    try {
      for (;;) {
        writeFileSync(path, block.subarray(0, size), { flag: "a" });
      }
    } catch {
      // Full, as far as pieces of this size go.
    }
  }
}

function hasProgram(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function tryMount(): boolean {
  const path = makeTestDirectory();
  const isMounted = hasProgram("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", path);
  if (isMounted) {
    execFileSync("umount", [path]);
  }
  rmSync(path, { recursive: true, force: true });
  return isMounted;
}
