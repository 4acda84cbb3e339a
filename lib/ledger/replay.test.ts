import { spawn } from "node:child_process";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { makeTestDirectory, openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { makeIntent, makeRecord } from "#lib/testing/records.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { type Journal, openJournal } from "./journal.ts";
import { replayJournal } from "./replay.ts";

const ROUNDS = 20;
const child = join(import.meta.dirname, "../testing/journal-child.ts");

describe("the replay", () => {
  let database: TestDatabase;
  let directory: string;
  let problems: string[];

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(async () => {
    await database?.close();
  });

  beforeEach(async () => {
    directory = join(makeTestDirectory(), "journal");
    problems = [];
    await getSql()`truncate request_logs, request_attempts, usage_rollup_15m, budgets`;
  });

  afterEach(() => rm(join(directory, ".."), { recursive: true, force: true }));

  const insert = (rowsJson: string) => insertRecords(getSql("batch"), rowsJson);

  function replay() {
    const onProblem = (message: string) => problems.push(message);
    return replayJournal({ directory, ownBootId: newId(), insert, onProblem });
  }

  /** A journal whose process ends without storing anything. */
  async function leave(write: (journal: Journal) => Promise<unknown> | undefined): Promise<void> {
    const sink = {
      accept: () => undefined,
      storeNow: () => Promise.reject(new Error("unused")),
      keepUnsafe: () => false,
    };
    const journal = await openJournal({ directory, mode: "on", sink });
    await write(journal);
    await journal.close();
  }

  function segments(): string[] {
    return readdirSync(directory)
      .filter((name) => name.endsWith(".ndjson"))
      .map((name) => join(directory, name));
  }

  async function storedIds(): Promise<string[]> {
    const rows = await getSql()<{ id: string }[]>`select id from request_logs order by id`;
    return rows.map((row) => row.id);
  }

  it("stores what was left, once, and deletes the files", async () => {
    const records = Array.from({ length: 1_200 }, () => makeRecord());
    await leave((journal) => Promise.all(records.map((record) => journal.recordEnd(record))));
    const [path = ""] = segments();
    const copy = readFileSync(path);
    expect(await replay()).toMatchObject({ rows: 1_200, interrupted: 0, quarantined: 0 });
    expect(segments()).toEqual([]);
    writeFileSync(path, copy);
    await replay();
    expect(await storedIds()).toEqual(records.map((record) => record.id).toSorted());
    const [sum] = await getSql()`
      select sum(requests)::int as requests, sum(cost_nanos)::int as nanos from usage_rollup_15m`;
    expect(sum).toEqual({ requests: 1_200, nanos: 1_200_000 });
  });

  it("a request without an ending is stored as interrupted at its estimate, and charged", async () => {
    const budget = newId();
    await getSql()`
      insert into budgets (id, subject, subject_id, period, limit_nanos)
      values (${budget}, 'key', 'one', 'month', 1000000)`;
    const reservation = { store: "memory", budgetIds: [budget], estimateNanos: 7_000n } as const;
    const orphan = makeIntent({ estimateNanos: 7_000n, reservation, stream: true });
    const ended = makeRecord();
    await leave((journal) => {
      journal.recordIntent(orphan);
      journal.recordIntent(makeIntent({ id: ended.id }));
      return journal.recordEnd(ended);
    });
    expect(await replay()).toMatchObject({ rows: 1, interrupted: 1 });
    const [row] = await getSql()`
      select outcome, status, estimated, cost_nanos, stream, model_asked, input_tokens
      from request_logs where id = ${orphan.id}`;
    expect(row).toEqual({
      outcome: "interrupted",
      status: 0,
      estimated: true,
      cost_nanos: 7_000n,
      stream: true,
      model_asked: "gpt-4o",
      input_tokens: 0,
    });
    const [spent] = await getSql()`select spent_nanos from budgets where id = ${budget}`;
    expect(spent).toEqual({ spent_nanos: 7_000n });
  });

  it(`${fault("F33")}: a tail torn at any byte costs the last record alone`, async () => {
    const kept = makeRecord();
    const last = makeRecord();
    await leave(async (journal) => {
      await journal.recordEnd(kept);
      await journal.recordEnd(last);
    });
    const [path = ""] = segments();
    const whole = readFileSync(path);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    const stored: string[][] = [];
    for (let size = lastLine; size <= whole.length; size += 1) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      const rows: { id: string }[] = [];
      await replayJournal({
        directory,
        ownBootId: newId(),
        insert: async (json) => rows.push(...(JSON.parse(json) as { id: string }[])),
        onProblem: (message) => problems.push(message),
      });
      stored.push(rows.map((row) => row.id));
    }
    const torn = stored.slice(0, -2);
    expect(torn.length).toBe(whole.length - lastLine - 1);
    expect(torn.every((ids) => ids.length === 1 && ids[0] === kept.id)).toBe(true);
    // All there but for the newline, and all there.
    expect(stored.slice(-2)).toEqual([
      [kept.id, last.id],
      [kept.id, last.id],
    ]);
    expect(problems).toEqual([]);
  });

  it(`${fault("F33")}: a line that the disk altered is skipped, and its file is kept aside`, async () => {
    const records = [makeRecord(), makeRecord(), makeRecord()];
    await leave(async (journal) => {
      for (const record of records) {
        await journal.recordEnd(record);
      }
    });
    const [path = ""] = segments();
    const text = readFileSync(path, "utf8");
    const [first = "", second = "", third = ""] = text.split("\n");
    writeFileSync(
      path,
      [first, second.replace('"cost_nanos":"1', '"cost_nanos":"9'), third, ""].join("\n"),
    );
    expect(await replay()).toMatchObject({ rows: 2, quarantined: 1 });
    expect(await storedIds()).toEqual([records[0]?.id, records[2]?.id].toSorted());
    expect(readdirSync(directory)).toContain(`${path.slice(directory.length + 1)}.quarantined`);
    expect(problems).toHaveLength(1);
    expect(await replay()).toMatchObject({ rows: 0, quarantined: 0 });
  });

  it("the files of a living process are left alone", async () => {
    const sink = {
      accept: () => undefined,
      storeNow: () => Promise.reject(new Error("unused")),
      keepUnsafe: () => false,
    };
    const journal = await openJournal({ directory, mode: "on", sink });
    const record = makeRecord();
    await journal.recordEnd(record);
    expect(await replay()).toMatchObject({ rows: 0, alive: 1 });
    expect(segments()).toHaveLength(1);
    await journal.close();
    expect(await replay()).toMatchObject({ rows: 1, alive: 0 });
    expect(await storedIds()).toEqual([record.id]);
  });

  it("while the database is away the files stay, and the next try finds everything", async () => {
    const record = makeRecord();
    await leave((journal) => journal.recordEnd(record));
    const down = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const failing = replayJournal({
      directory,
      ownBootId: newId(),
      insert: () => Promise.reject(down),
    });
    await expect(failing).rejects.toThrow("ECONNREFUSED");
    expect(segments()).toHaveLength(1);
    await replay();
    expect(await storedIds()).toEqual([record.id]);
  });

  it(`every record that a killed process acknowledged is stored exactly once, ${ROUNDS} times`, async () => {
    const acknowledged: string[] = [];
    let interrupted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await runAndKill()));
      interrupted += (await replay()).interrupted;
    }
    const stored = await storedIds();
    const storedSet = new Set(stored);
    expect(acknowledged.length).toBeGreaterThan(1_000);
    expect(acknowledged.filter((id) => !storedSet.has(id))).toEqual([]);
    expect(storedSet.size).toBe(stored.length);
    const [sum] = await getSql()`select sum(requests)::int as requests from usage_rollup_15m`;
    expect(sum?.["requests"]).toBe(stored.length);
    // Eight requests run at any time; those that had not ended are there too.
    expect(interrupted).toBeGreaterThan(ROUNDS);
    expect(segments()).toEqual([]);
  }, 120_000);

  /** The ids that a process acknowledged before it was killed at a random moment of its work. */
  function runAndKill(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const process_ = spawn(process.execPath, [child, directory, "16384"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      const killAfter = 20 + Math.random() * 300;
      process_.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.length / 37 > killAfter) {
          process_.kill("SIGKILL");
        }
      });
      process_.once("error", reject);
      process_.once("close", () => {
        // The last line may have been cut by the kill.
        resolve(
          text
            .slice(0, text.lastIndexOf("\n") + 1)
            .split("\n")
            .filter(Boolean),
        );
      });
    });
  }
});
