import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  LATENCY_CLASSES,
  latencyClassOf,
  latencyPercentile,
} from "#lib/catalog/latency-buckets.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { idTimeMs, newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { hasPostgres } from "#lib/testing/postgres.ts";
import { makeAttempt, makeRecord } from "#lib/testing/records.ts";
import { getSql } from "./client.ts";
import { logRowOf } from "./request-log-row.ts";
import { insertRecords } from "./request-logs.ts";

const STORES = hasPostgres() ? (["embedded", "postgres"] as const) : (["embedded"] as const);

describe.each(STORES)("on %s", (store) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase(store);
  });

  afterAll(async () => {
    await database?.close();
  });

  beforeEach(async () => {
    await getSql()`
      truncate request_logs, request_attempts, usage_rollup_15m, budgets, budget_reservations`;
  });

  function insert(...records: RequestRecord[]): Promise<number> {
    return insertRecords(getSql("batch"), `[${records.map(logRowOf).join(",")}]`);
  }

  async function makeBudget(changes: {
    period: BudgetPeriod;
    windowStart: string;
    spentNanos?: bigint;
  }): Promise<string> {
    const id = newId();
    await getSql()`
      insert into budgets (id, subject, subject_id, period, limit_nanos, spent_nanos, window_start)
      values (${id}, 'key', ${id}, ${changes.period}, 1000000, ${changes.spentNanos ?? 0n},
        ${changes.windowStart}::timestamptz)`;
    return id;
  }

  async function budgetOf(id: string): Promise<{ spent: bigint; window: string }> {
    const [row] = await getSql()<{ spent: bigint; window: Date }[]>`
      select spent_nanos as spent, window_start as window from budgets where id = ${id}`;
    return { spent: row?.spent ?? -1n, window: row?.window.toISOString() ?? "" };
  }

  function charge(time: string, budgetIds: string[], costNanos: bigint): RequestRecord {
    const reservation = { store: "memory", budgetIds, estimateNanos: 0n } as const;
    return makeRecord({ id: newId(Date.parse(time)), costNanos, reservation });
  }

  it("every field of a record is in its row", async () => {
    const record = makeRecord({
      teamId: newId(),
      alias: "smart",
      outcome: "partial",
      status: 499,
      errorCode: "client_closed",
      errorMessage: "The caller went away.",
      usage: {
        input: 1,
        cacheRead: 2,
        cacheWrite5m: 3,
        cacheWrite1h: 4,
        output: 5,
        reasoning: 6,
        audioIn: 7,
        audioOut: 8,
      },
      estimated: true,
      costNanos: 9_007_199_254_740_993n,
      adjusted: ["seed", "user"],
      tags: { team: "red" },
      session: "s1",
      stream: true,
    });
    expect(await insert(record)).toBe(1);
    const [row] = await getSql()`select * from request_logs where id = ${record.id}`;
    expect(row).toMatchObject({
      id: record.id,
      created_at: new Date(Number.parseInt(record.id.replace("-", "").slice(0, 12), 16)),
      key_id: record.keyId,
      user_id: record.userId,
      team_id: record.teamId,
      dialect: "openai",
      endpoint: "chat",
      model_asked: "gpt-4o",
      alias: "smart",
      deployment_id: record.deploymentId,
      deployment_name: "main",
      provider: "openai",
      model: "gpt-4o",
      status: 499,
      outcome: "partial",
      error_code: "client_closed",
      error_message: "The caller went away.",
      input_tokens: 1,
      cache_read_tokens: 2,
      cache_write_5m_tokens: 3,
      cache_write_1h_tokens: 4,
      output_tokens: 5,
      reasoning_tokens: 6,
      audio_in_tokens: 7,
      audio_out_tokens: 8,
      estimated: true,
      cost_nanos: 9_007_199_254_740_993n,
      price_snapshot: { input: "2.5", output: "10" },
      price_state: "priced",
      latency_ms: 120.5,
      ttft_ms: 40,
      overhead_ms: 1.5,
      attempt_count: 1,
      stream: true,
      cache_result: "MISS",
      adjusted: ["seed", "user"],
      tags: { team: "red" },
      session: "s1",
      ip: "127.0.0.1",
      user_agent: "test/1.0",
    });
  });

  it("every attempt is kept in its order", async () => {
    const attempts = [
      makeAttempt({ status: null, errorCode: "upstream_timeout", ended: "timeout", costNanos: 0n }),
      makeAttempt({ costNanos: 7n }),
    ];
    const record = makeRecord({ attempts });
    await insert(record);
    const rows = await getSql()`
      select position, status, error_code, ended, cost_nanos from request_attempts
      where request_id = ${record.id} order by position`;
    expect([...rows]).toEqual([
      {
        position: 1,
        status: null,
        error_code: "upstream_timeout",
        ended: "timeout",
        cost_nanos: 0n,
      },
      { position: 2, status: 200, error_code: null, ended: "ok", cost_nanos: 7n },
    ]);
  });

  it("what goes without saying in a record's text is in its row", async () => {
    const startedAtMs = Date.now() + 7;
    const record = makeRecord({ attempts: [makeAttempt({ startedAtMs, durationMs: 12.5 })] });
    await insert(record);
    const [row] = await getSql()`
      select dialect, endpoint, status, outcome, error_code, cache_read_tokens, estimated,
        price_state, attempt_count, stream, cache_result, adjusted, tags, team_id, alias, session
      from request_logs where id = ${record.id}`;
    expect(row).toEqual({
      dialect: "openai",
      endpoint: "chat",
      status: 200,
      outcome: "ok",
      error_code: null,
      cache_read_tokens: 0,
      estimated: false,
      price_state: "priced",
      attempt_count: 1,
      stream: false,
      cache_result: "MISS",
      adjusted: [],
      tags: {},
      team_id: null,
      alias: null,
      session: null,
    });
    const attempts = await getSql()`select * from request_attempts where request_id = ${record.id}`;
    expect([...attempts]).toEqual([
      {
        request_id: record.id,
        created_at: new Date(idTimeMs(record.id)),
        position: 1,
        deployment_id: record.deploymentId,
        deployment_name: "main",
        provider: "openai",
        status: 200,
        error_code: null,
        error_message: null,
        started_at: new Date(startedAtMs),
        duration_ms: 12.5,
        ended: "ok",
        cost_nanos: 1_000n,
      },
    ]);
  });

  it("what is unlike the usual in the one attempt is kept, and none stays none", async () => {
    const failed = makeRecord({
      outcome: "provider_error",
      status: 502,
      attempts: [makeAttempt({ status: 503, errorCode: "upstream_error", ended: "overloaded" })],
    });
    const elsewhere = makeRecord({ attempts: [makeAttempt({ deploymentName: "other" })] });
    const refused = makeRecord({ outcome: "limited", status: 429, attempts: [] });
    await insert(failed, elsewhere, refused);
    const rows = await getSql()`
      select id, attempt_count, a.deployment_name, a.status, a.error_code, a.ended
      from request_logs left join request_attempts a on request_id = id
      order by request_logs.status desc`;
    expect([...rows]).toEqual([
      {
        id: failed.id,
        attempt_count: 1,
        deployment_name: "main",
        status: 503,
        error_code: "upstream_error",
        ended: "overloaded",
      },
      {
        id: refused.id,
        attempt_count: 0,
        deployment_name: null,
        status: null,
        error_code: null,
        ended: null,
      },
      {
        id: elsewhere.id,
        attempt_count: 1,
        deployment_name: "other",
        status: 200,
        error_code: null,
        ended: "ok",
      },
    ]);
  });

  it("a record that is sent again counts once: row, attempts, rollup and budget", async () => {
    const budget = await makeBudget({ period: "total", windowStart: "2026-01-01T00:00:00Z" });
    const record = charge("2026-03-01T10:00:00Z", [budget], 500n);
    expect(await insert(record, record)).toBe(1);
    expect(await insert(record, makeRecord())).toBe(1);
    expect(await insert(record)).toBe(0);
    expect((await budgetOf(budget)).spent).toBe(500n);
    const [counts] = await getSql()`select
      (select count(*)::int from request_logs) as logs,
      (select count(*)::int from request_attempts) as attempts,
      (select sum(requests)::int from usage_rollup_15m) as counted,
      (select sum(cost_nanos)::int from usage_rollup_15m) as nanos`;
    expect(counts).toEqual({ logs: 2, attempts: 2, counted: 2, nanos: 1_500 });
  });

  it("the rollup adds up a quarter of an hour per dimension set, over batches", async () => {
    const at = (time: string) => newId(Date.parse(time));
    await insert(
      makeRecord({ id: at("2026-03-01T10:00:00Z"), latencyMs: 12 }),
      makeRecord({ id: at("2026-03-01T10:14:59.999Z"), latencyMs: 12 }),
      makeRecord({ id: at("2026-03-01T10:15:00Z"), latencyMs: 12 }),
      makeRecord({ id: at("2026-03-01T10:01:00Z"), outcome: "provider_error" }),
    );
    await insert(
      makeRecord({ id: at("2026-03-01T10:02:00Z"), latencyMs: 900_000, priceState: "unpriced" }),
    );
    const rows = await getSql()<{ buckets: bigint[] }[]>`
      select bucket_start, outcome, requests, unpriced_requests, input_tokens, output_tokens,
        cost_nanos, latency_ms_sum, latency_buckets as buckets
      from usage_rollup_15m order by bucket_start, outcome`;
    expect(rows).toHaveLength(3);
    const [first] = rows;
    expect(first).toMatchObject({
      bucket_start: new Date("2026-03-01T10:00:00Z"),
      outcome: "ok",
      requests: 3n,
      unpriced_requests: 1n,
      input_tokens: 30n,
      output_tokens: 15n,
      cost_nanos: 3_000n,
      latency_ms_sum: 900_024,
    });
    const expected = new Array<bigint>(LATENCY_CLASSES).fill(0n);
    expected[latencyClassOf(12)] = 2n;
    expected[latencyClassOf(900_000)] = 1n;
    expect(first?.buckets).toEqual(expected);
    expect(latencyPercentile(first?.buckets ?? [], 0.5)).toBeCloseTo(13.75);
  });

  it("names that exist nowhere share one series, so that nobody can invent series", async () => {
    const unknown = { deploymentId: null, provider: null, model: null } as const;
    await insert(
      ...Array.from({ length: 50 }, (_, at) =>
        makeRecord({ ...unknown, modelAsked: `junk-${at}` }),
      ),
      makeRecord({ ...unknown, modelAsked: "smart", alias: "smart" }),
    );
    const rows = await getSql()`
      select model_asked, sum(requests)::int as requests from usage_rollup_15m
      group by 1 order by 1`;
    expect([...rows]).toEqual([
      { model_asked: "", requests: 50 },
      { model_asked: "smart", requests: 1 },
    ]);
  });

  it("a record of a later window begins it with nothing else spent", async () => {
    const day = await makeBudget({
      period: "day",
      windowStart: "2026-03-01T08:30:00Z",
      spentNanos: 900n,
    });
    await insert(charge("2026-03-01T23:59:59Z", [day], 50n));
    expect(await budgetOf(day)).toEqual({ spent: 950n, window: "2026-03-01T08:30:00.000Z" });
    await insert(
      charge("2026-03-01T23:59:59Z", [day], 25n),
      charge("2026-03-02T00:00:00Z", [day], 7n),
    );
    expect(await budgetOf(day)).toEqual({ spent: 7n, window: "2026-03-02T00:00:00.000Z" });
  });

  it("a record of an earlier window does not count in the present one", async () => {
    const windowStart = "2026-03-02T00:00:00Z";
    const budgets = {
      day: await makeBudget({ period: "day", windowStart }),
      week: await makeBudget({ period: "week", windowStart }),
      month: await makeBudget({ period: "month", windowStart }),
      total: await makeBudget({ period: "total", windowStart }),
    };
    const ids = Object.values(budgets);
    // A Sunday: the week before that of 2 March 2026, a Monday, but the same month.
    await insert(charge("2026-03-01T12:00:00Z", ids, 10n));
    expect((await budgetOf(budgets.day)).spent).toBe(0n);
    expect((await budgetOf(budgets.week)).spent).toBe(0n);
    expect((await budgetOf(budgets.month)).spent).toBe(10n);
    expect((await budgetOf(budgets.total)).spent).toBe(10n);
    await insert(charge("2026-03-03T12:00:00Z", ids, 10n));
    expect((await budgetOf(budgets.week)).spent).toBe(10n);
    expect((await budgetOf(budgets.total)).spent).toBe(20n);
    expect((await budgetOf(budgets.total)).window).toBe("2026-03-02T00:00:00.000Z");
  });

  it("money that is held in the database is settled with its row, and charged once", async () => {
    const budget = await makeBudget({ period: "total", windowStart: "2026-01-01T00:00:00Z" });
    const record = makeRecord({
      costNanos: 300n,
      reservation: { store: "postgres", budgetIds: [budget], estimateNanos: 400n },
    });
    await getSql()`update budgets set reserved_nanos = 400 where id = ${budget}`;
    await getSql()`
      insert into budget_reservations (request_id, budget_ids, estimate_nanos, state, expires_at)
      values (${record.id}, array[${budget}]::uuid[], 400, 'open', now() + interval '1 minute')`;
    await insert(record);
    await insert(record);
    const [row] = await getSql()`
      select spent_nanos, reserved_nanos, state from budgets, budget_reservations`;
    expect(row).toEqual({ spent_nanos: 300n, reserved_nanos: 0n, state: "settled" });
  });

  it("text that Postgres cannot hold does not make a row unreadable", async () => {
    const lone = "\ud800";
    const record = makeRecord({
      modelAsked: `a\0b${lone}c \\u0000 "quoted"`,
      tags: { [`x\0${lone}`]: `y\0${lone}` },
      userAgent: "u".repeat(100_000),
      usage: { ...NO_USAGE, input: 1e15, output: -5 },
      latencyMs: Number.NaN,
    });
    expect(await insert(record)).toBe(1);
    const [row] = await getSql()`select * from request_logs`;
    expect(row).toMatchObject({
      model_asked: 'a\ufffdb\ufffdc \\u0000 "quoted"',
      tags: { "x\ufffd\ufffd": "y\ufffd\ufffd" },
      user_agent: "u".repeat(256),
      input_tokens: 2_147_483_647,
      output_tokens: 0,
      latency_ms: 0,
    });
  });

  it("batches that charge the same budgets at the same time neither deadlock nor lose money", async () => {
    const budgets: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      budgets.push(await makeBudget({ period: "month", windowStart: "2026-03-01T00:00:00Z" }));
    }
    const batches = Array.from({ length: 12 }, (_, at) =>
      Array.from({ length: 20 }, (_, row) => {
        const order = (at + row) % 2 === 0 ? budgets : budgets.toReversed();
        return charge("2026-03-05T12:00:00Z", order, 1n);
      }),
    );
    await Promise.all(batches.map((batch) => insert(...batch)));
    for (const id of budgets) {
      expect((await budgetOf(id)).spent).toBe(240n);
    }
    const [sum] = await getSql()`select sum(requests)::int as requests from usage_rollup_15m`;
    expect(sum?.["requests"]).toBe(240);
  });
});
