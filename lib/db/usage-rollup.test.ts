import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { getSql } from "./client.ts";
import { logRowOf } from "./request-log-row.ts";
import { insertRecords } from "./request-logs.ts";
import { splitHours } from "./usage-source.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 25, 0);

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test("an hour's sums are those of its quarters, also when rows come late or twice", async () => {
  const rows = Array.from({ length: 40 }, (_, at) =>
    logRowOf(makeRecord({ id: newId(START + at * 7 * 60_000), latencyMs: at * 50, ttftMs: at })),
  );
  const store = (some: readonly string[]) => insertRecords(getSql(), `[${some.join(",")}]`);
  await store(rows.slice(20));
  await store(rows);

  const hours = await getSql()`
    select sum(requests) as requests, sum(cost_nanos) as cost, sum(input_tokens) as input,
      sum(latency_ms_sum) as latency, sum(latency_buckets[20]) as class, sum(ttft_buckets[10]) as ttft,
      min(bucket_start) as first
    from usage_rollup_1h group by date_trunc('hour', bucket_start) order by first`;
  const quarters = await getSql()`
    select sum(requests) as requests, sum(cost_nanos) as cost, sum(input_tokens) as input,
      sum(latency_ms_sum) as latency, sum(latency_buckets[20]) as class, sum(ttft_buckets[10]) as ttft,
      date_trunc('hour', min(bucket_start)) as first
    from usage_rollup_15m group by date_trunc('hour', bucket_start) order by first`;
  expect(hours).toHaveLength(5);
  expect([...hours]).toEqual([...quarters]);
  expect(hours.reduce((sum, { requests }) => sum + Number(requests), 0)).toBe(40);
});

test("hours that a bound cuts through are read by quarters, all others whole", () => {
  const kathmandu = [0, 18.25, 42.25, 50].map((hours) => START + hours * HOUR);
  const { hours, quarters } = splitHours(kathmandu);

  expect(hours?.spans).toEqual([[new Date(START), new Date(START + 50 * HOUR)]]);
  expect(hours?.without).toEqual([18, 42].map((at) => new Date(START + at * HOUR)));
  expect(quarters?.spans).toEqual(
    [18, 42].map((at) => [new Date(START + at * HOUR), new Date(START + (at + 1) * HOUR)]),
  );
});

test("bounds closer than an hour are read by quarters alone", () => {
  const bounds = [0, 0.25, 0.5, 2].map((hours) => START + hours * HOUR);
  expect(splitHours(bounds).hours).toBeUndefined();
});
