import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  makeTestDirectory,
  openTestDatabase,
  type TestDatabase,
  testStore,
} from "#lib/testing/database.ts";
import { startDatabaseProcess } from "#lib/testing/database-process.ts";
import { getSql } from "./client.ts";
import { migrate } from "./migrate.ts";

// Some tests start processes of their own.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const countApplied = async () =>
  (await getSql()`select count(*) as n from schema_migrations`)[0]?.["n"];

test("a second run changes nothing", async () => {
  const before = await countApplied();
  expect(before).toBeGreaterThan(0n);
  await migrate();
  expect(await countApplied()).toBe(before);
});

test("a migration that fails leaves nothing behind", async () => {
  const sql = getSql();
  await sql`create schema if not exists spare`;
  await sql`alter table schema_migrations set schema spare`;
  // Without its list everything seems outstanding, and the first table is already there.
  await expect(migrate()).rejects.toThrow();
  const [row] = await sql`select to_regclass('public.schema_migrations') as found`;
  expect(row?.["found"]).toBeNull();
  await sql`alter table spare.schema_migrations set schema public`;
});

test("log rows of any day find a partition", async () => {
  const partitions = await getSql()`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent in ('request_logs'::regclass, 'request_attempts'::regclass) order by 1`;
  expect(partitions.map((row) => row["name"])).toEqual(
    expect.arrayContaining(["request_attempts_default", "request_logs_default"]),
  );
});

test("audit events can be neither changed nor deleted", async () => {
  const sql = getSql();
  const row = {
    id: "01900000-0000-7000-8000-000000000001",
    sequence: 1n,
    created_at: new Date(),
    actor_type: "system",
    actor_name: "test",
    action: "test.made",
    target_type: "test",
    prev_hash: Buffer.alloc(32),
    hash: Buffer.alloc(32),
  };
  await sql`insert into audit_events ${sql(row)}`;
  await expect(sql`update audit_events set action = 'x'`).rejects.toThrow("append-only");
  await expect(sql`delete from audit_events`).rejects.toThrow("append-only");
});

test.runIf(testStore() === "postgres")(
  "three processes that start at once migrate once, and without Redis one of them stays",
  async () => {
    const dataDir = makeTestDirectory();
    const settings = {
      DATABASE_URL: (await database.server?.createDatabase()) ?? "",
      CONDUIT_DATA_DIR: dataDir,
    };
    const three = [1, 2, 3].map(() => startDatabaseProcess(settings));
    const results = await Promise.all(
      three.map(({ opened, ended }) => Promise.race([opened.then(() => "opened"), ended])),
    );
    expect(results.toSorted()).toEqual([78, 78, "opened"]);
    const refused = three.find(({ child }) => child.exitCode === 78);
    expect(refused?.output()).toContain("REDIS_URL");
    const holder = three.find(({ child }) => child.exitCode === null);
    holder?.child.kill("SIGKILL");
    await holder?.ended;
    const next = startDatabaseProcess(settings);
    await next.opened;
    next.child.kill("SIGTERM");
    expect(await next.ended).toBe(0);
    rmSync(dataDir, { recursive: true, force: true });
  },
);

test.runIf(testStore() === "postgres")(
  "with Redis several processes share a database",
  async () => {
    const settings = {
      DATABASE_URL: (await database.server?.createDatabase()) ?? "",
      REDIS_URL: "redis://127.0.0.1:6379",
    };
    const three = [1, 2, 3].map(() => startDatabaseProcess(settings));
    await Promise.all(three.map(({ opened }) => opened));
    for (const { child, ended } of three) {
      child.kill("SIGTERM");
      expect(await ended).toBe(0);
    }
  },
);
