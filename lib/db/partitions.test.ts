import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { hasPostgres } from "#lib/testing/postgres.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { getSql } from "./client.ts";
import { dropPartitionsOlderThan, ensurePartitions } from "./partitions.ts";
import { logRowOf } from "./request-log-row.ts";
import { insertRecords } from "./request-logs.ts";

const STORES = hasPostgres() ? (["embedded", "postgres"] as const) : (["embedded"] as const);
const NOON = Date.parse("2026-03-01T12:00:00Z");

describe.each(STORES)("partitions on %s", (store) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase(store);
  });

  afterAll(async () => {
    await database?.close();
  });

  function insert(...times: string[]): Promise<number> {
    const rows = times.map((time) => logRowOf(makeRecord({ id: newId(Date.parse(time)) })));
    return insertRecords(getSql("batch"), `[${rows.join(",")}]`);
  }

  async function places(): Promise<Record<string, number>> {
    const rows = await getSql()<{ place: string; count: number }[]>`
      select tableoid::regclass::text as place, count(*)::int as count
      from request_logs group by 1 order by 1`;
    return Object.fromEntries(rows.map(({ place, count }) => [place, count]));
  }

  it("rows that came before their partition are moved into it, and stay single", async () => {
    const times = ["2026-03-01T00:00:00.000Z", "2026-03-01T23:59:59.999Z", "2026-03-02T00:00:00Z"];
    await insert(...times, "2026-02-28T23:59:59.999Z");
    expect(await places()).toEqual({ request_logs_default: 4 });
    const made = await ensurePartitions(getSql(), { daysAhead: 1, nowMs: NOON });
    expect(made).toEqual([
      "request_logs_20260301",
      "request_logs_20260302",
      "request_attempts_20260301",
      "request_attempts_20260302",
      "request_payloads_20260301",
      "request_payloads_20260302",
      "guardrail_verdicts_20260301",
      "guardrail_verdicts_20260302",
    ]);
    expect(await places()).toEqual({
      request_logs_20260301: 2,
      request_logs_20260302: 1,
      request_logs_default: 1,
    });
    expect(await ensurePartitions(getSql(), { daysAhead: 1, nowMs: NOON })).toEqual([]);
  });

  it("new rows go to their day, and a row that is sent again is known there", async () => {
    const row = logRowOf(makeRecord({ id: newId(NOON) }));
    const before = (await places())["request_logs_20260301"] ?? 0;
    expect(await insertRecords(getSql("batch"), `[${row}]`)).toBe(1);
    expect(await insertRecords(getSql("batch"), `[${row}]`)).toBe(0);
    expect((await places())["request_logs_20260301"]).toBe(before + 1);
  });

  it("partitions made at the same time, under load, are made once and lose no row", async () => {
    const nowMs = Date.parse("2026-04-10T12:00:00Z");
    const writes: Promise<number>[] = [];
    for (let count = 0; count < 10; count += 1) {
      writes.push(insert("2026-04-10T01:00:00Z", "2026-04-11T01:00:00Z"));
    }
    const made = await Promise.all([
      ensurePartitions(getSql(), { daysAhead: 1, nowMs }),
      ensurePartitions(getSql(), { daysAhead: 1, nowMs }),
    ]);
    await Promise.all(writes);
    expect(made.flat()).toHaveLength(8);
    const found = await places();
    expect(found["request_logs_20260410"]).toBe(10);
    expect(found["request_logs_20260411"]).toBe(10);
  });

  it("retention drops whole days of each table by its own days, and nothing younger", async () => {
    await insert("2026-04-12T00:00:00Z");
    const nowMs = Date.parse("2026-04-12T12:00:00Z");
    const days = {
      request_logs: 1,
      request_attempts: 40,
      request_payloads: 1,
      guardrail_verdicts: 40,
    };
    const { dropped, deletedRows } = await dropPartitionsOlderThan(getSql(), { days, nowMs });
    expect(deletedRows).toBe(2);
    expect(dropped.toSorted()).toEqual([
      "guardrail_verdicts_20260301",
      "guardrail_verdicts_20260302",
      "request_attempts_20260301",
      "request_attempts_20260302",
      "request_logs_20260301",
      "request_logs_20260302",
      "request_logs_20260410",
      "request_payloads_20260301",
      "request_payloads_20260302",
      "request_payloads_20260410",
    ]);
    expect(await places()).toEqual({ request_logs_20260411: 10, request_logs_default: 1 });
  });
});
