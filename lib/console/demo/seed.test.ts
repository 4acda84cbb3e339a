import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadSecrets } from "#lib/auth/bootstrap.ts";
import { verifyPassword } from "#lib/auth/password.ts";
import { isSetupComplete } from "#lib/auth/setup-token.ts";
import { OUTCOMES } from "#lib/catalog/outcomes.ts";
import { databaseKind, getSql } from "#lib/db/client.ts";
import { configureSnapshots, refreshSnapshot } from "#lib/db/snapshot.ts";
import { getEnv } from "#lib/env.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import { closeLimits, configureLimits } from "#lib/limits/configure.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { DEMO_PASSWORD } from "./company.ts";
import { type DemoPlan, type DemoResult, seedDemo } from "./seed.ts";

const ROWS = 3_000;
const PLAN: DemoPlan = {
  rows: ROWS,
  days: 40,
  nowMs: Date.UTC(2026, 10, 22, 12),
  seed: 1,
  zone: "Europe/Berlin",
  places: 1,
  emptyFirst: false,
};

let database: TestDatabase;
let result: DemoResult;

beforeAll(async () => {
  // Budgets count the present month, which is to be the one of the history.
  vi.useFakeTimers({ toFake: ["Date"], now: PLAN.nowMs });
  database = await openTestDatabase();
  const secrets = await loadSecrets({ ...getEnv(), dataDir: database.dataDir });
  configureSnapshots({ masterKeys: secrets.masterKeys, compilePrice });
  configureLimits({ env: getEnv(), databaseKind: databaseKind() });
  await refreshSnapshot();
  result = await seedDemo(PLAN);
}, 120_000);

afterAll(async () => {
  vi.useRealTimers();
  await closeLimits();
  await database.close();
});

test("there are as many requests as were asked for, and the sums are theirs", async () => {
  const [sums] = await getSql()`
    select (select count(*)::int from request_logs) as rows,
      (select sum(requests)::int from usage_rollup_15m) as quarters,
      (select sum(requests)::int from usage_rollup_1h) as hours,
      (select sum(cost_nanos) from request_logs) as spent,
      (select sum(cost_nanos) from usage_rollup_1h) as summed`;

  expect(result.stored).toBe(ROWS);
  expect(sums).toMatchObject({ rows: ROWS, quarters: ROWS, hours: ROWS });
  expect(sums?.["spent"]).toBe(sums?.["summed"]);
  expect(Number(sums?.["spent"])).toBeGreaterThan(0);
});

test("requests end in every way there is, and some after a fallback", async () => {
  const rows = await getSql()`select distinct outcome from request_logs`;
  const fallbacks = await getSql()`
    select id from request_logs where attempt_count > 1 and outcome = 'ok' limit 1`;

  expect(rows.map((row) => row["outcome"]).sort()).toEqual([...OUTCOMES].sort());
  expect(fallbacks).toHaveLength(1);
});

test("rules have looked at the latest requests, and each blocked one names its rule", async () => {
  const [found] = await getSql()`
    select count(*) filter (where guardrail_result = 'shadowed')::int as shadowed,
      count(*) filter (where outcome = 'blocked' and guardrail_result is distinct from 'blocked')::int as unnamed,
      count(*) filter (where guardrail_result is null)::int as unread
    from request_logs`;

  expect(found).toMatchObject({ unnamed: 0 });
  expect(Number(found?.["shadowed"])).toBeGreaterThan(0);
  expect(Number(found?.["unread"])).toBeGreaterThan(ROWS / 2);
});

test("apps with a managed prompt were asked with the version that was in production", async () => {
  const used = await getSql()`
    select distinct prompt_name, prompt_version from request_logs where prompt_name is not null
    order by prompt_name, prompt_version`;
  const labels = await getSql()`
    select name, version from prompt_labels join prompts on prompts.id = prompt_id
    where label = 'production' order by name`;

  expect(used.map((row) => [row["prompt_name"], row["prompt_version"]])).toEqual([
    ["support/reply", 1],
    ["support/reply", 2],
    ["support/triage", 1],
  ]);
  expect(labels.map((row) => [row["name"], row["version"]])).toEqual([
    ["support/reply", 2],
    ["support/triage", 1],
  ]);
});

test("budgets are over, near their limit and with room left", async () => {
  const shares = await getSql()<{ share: number }[]>`
    select (spent_nanos::numeric / limit_nanos)::float8 as share from budgets
    where subject = 'key' and period = 'month' and spent_nanos > 0`;
  const has = (least: number, most: number) =>
    shares.some(({ share }) => share >= least && share < most);

  expect(has(1, 1.2)).toBe(true);
  expect(has(0.8, 1)).toBe(true);
  expect(has(0, 0.7)).toBe(true);
});

test("three people can sign in, and the setup is over", async () => {
  const people = await getSql()<{ email: string; password_hash: string }[]>`
    select email, password_hash from users where password_hash is not null order by email`;

  expect(people.map(({ email }) => email)).toEqual([
    "admin@example.com",
    "lead@example.com",
    "member@example.com",
  ]);
  expect(await verifyPassword(people[0]?.password_hash ?? null, DEMO_PASSWORD)).toBe(true);
  expect(await isSetupComplete()).toBe(true);
  expect(result.sample.key).toMatch(/^cnd_sk_/);
});

test("an install with people is left alone unless it is to be emptied", async () => {
  await expect(seedDemo({ ...PLAN, rows: 10 })).rejects.toMatchObject({ code: "conflict" });

  const again = await seedDemo({ ...PLAN, rows: 500, emptyFirst: true });
  const [left] = await getSql()`select count(*)::int as rows from request_logs`;
  expect(again.stored).toBe(500);
  expect(left).toMatchObject({ rows: 500 });
}, 60_000);

test("the same seed makes the same requests", async () => {
  const read = () => getSql()`
    select id, outcome, model, cost_nanos, latency_ms from request_logs order by id`;
  const first = await read();
  await seedDemo({ ...PLAN, rows: 500, emptyFirst: true });

  expect([...(await read())]).toEqual([...first]);
}, 60_000);
