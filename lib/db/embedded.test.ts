import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyTemplate, makeTestDirectory } from "#lib/testing/database.ts";
import { type DatabaseProcess, startDatabaseProcess } from "#lib/testing/database-process.ts";
import { makeRunDirectory } from "./run-directory.ts";

// Each test starts processes of its own.
vi.setConfig({ testTimeout: 120_000 });

let dataDir: string;
let running: DatabaseProcess[];
beforeEach(async () => {
  dataDir = makeTestDirectory();
  await copyTemplate(dataDir);
  running = [];
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

function start(directory = dataDir): DatabaseProcess {
  const process = startDatabaseProcess({ CONDUIT_DATA_DIR: directory });
  running.push(process);
  return process;
}

const locks = () => readdirSync(join(dataDir, "run")).filter((name) => name.startsWith("lock-"));

test("a second process on the same directory ends with 75 and names the first", async () => {
  const first = start();
  await first.opened;
  const second = start();
  expect(await second.ended).toBe(75);
  expect(second.output()).toContain(`process ${first.pid}`);
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(locks()).toEqual([]);
});

test("the lock of a killed process does not keep the next one out", async () => {
  const first = start();
  await first.opened;
  first.child.kill("SIGKILL");
  await first.ended;
  expect(locks()).toHaveLength(1);
  const second = start();
  await second.opened;
  expect(locks()).toEqual([expect.stringContaining(`lock-${second.pid}-`)]);
});

test("a stopped process still holds its directory", async () => {
  const first = start();
  await first.opened;
  first.child.kill("SIGSTOP");
  const second = start();
  expect(await second.ended).toBe(75);
  expect(second.output()).toContain("does not answer");
});

test("of four processes that start together one gets the directory", async () => {
  const four = [start(), start(), start(), start()];
  const results = await Promise.all(
    four.map(({ opened, ended }) => Promise.race([opened.then(() => "opened"), ended])),
  );
  expect(results.toSorted()).toEqual([75, 75, 75, "opened"].toSorted());
});

test("only this user may enter the directory of the sockets", () => {
  const directory = makeRunDirectory(dataDir);
  expect(directory).toBe(join(dataDir, "run"));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test("a path too long for a socket is replaced by a short one, and the same one each time", async () => {
  const deep = join(dataDir, "a-directory-with-a-long-name".repeat(4));
  const directory = makeRunDirectory(deep);
  expect(directory.length).toBeLessThan(70);
  expect(makeRunDirectory(deep)).toBe(directory);
  await copyTemplate(deep);
  const process = start(deep);
  await process.opened;
  expect(existsSync(join(directory, "database.sock"))).toBe(true);
  rmSync(directory, { recursive: true, force: true });
});
