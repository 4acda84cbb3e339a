import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestRecord } from "#lib/contract/record.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makeAttempt, makeRecord } from "#lib/testing/records.ts";

/** A quarter of an hour begins here. */
const START_MS = Date.UTC(2026, 9, 5, 12, 0);
const MINUTE_MS = 60_000;
const TEAM_ID = newId();

let api: AdminApi;
let keyId: string;
let userId: string;
let records: RequestRecord[];
beforeAll(async () => {
  api = await openAdminApi();
  const key = await api.ok("POST", "/keys", { user_email: "logs@example.com", alias: "logs-key" });
  keyId = key.id;
  userId = (await api.ok("GET", `/keys/${keyId}`)).user_id;
  const base = { keyId, userId };
  const at = (minutes: number) => newId(START_MS + minutes * MINUTE_MS);
  records = [
    makeRecord({ ...base, id: at(0), costNanos: 1_000_000_000n, latencyMs: 100 }),
    makeRecord({
      ...base,
      id: at(1),
      costNanos: 2_000_000_000n,
      latencyMs: 900,
      stream: true,
      ttftMs: 300,
      session: "s-1",
      prompt: { name: "support/reply", version: 3 },
      tags: { env: "ci", team: "search" },
      teamId: TEAM_ID,
      alias: "fast",
      attempts: [makeAttempt({ ended: "server", status: 500 }), makeAttempt()],
    }),
    makeRecord({
      ...base,
      id: at(2),
      status: 502,
      outcome: "provider_error",
      errorCode: "upstream_error",
      provider: "anthropic",
      model: "claude-sonnet-5",
      modelAsked: "claude-sonnet-5",
      costNanos: 0n,
      usage: NO_USAGE,
    }),
    makeRecord({
      ...base,
      id: at(20),
      keyId: newId(),
      tags: { env: "ci" },
      priceState: "unpriced",
      costNanos: 0n,
      latencyMs: 100,
    }),
  ];
  await insertRecords(getSql(), `[${records.map(logRowOf).join(",")}]`);
});
afterAll(() => api.close());

const idsOf = (logs: { id: string }[]) => logs.map((log) => log.id);
const recordIds = (...places: number[]) => places.map((place) => records[place]?.id);

test("pages by cursor walk every row once, newest first", async () => {
  const seen: string[] = [];
  let path = "/logs/?limit=3";
  for (;;) {
    const page = await api.ok("GET", path);
    seen.push(...idsOf(page.logs));
    if (page.next_cursor === null) {
      break;
    }
    path = `/logs?limit=3&cursor=${page.next_cursor}`;
  }

  expect(seen).toEqual(recordIds(3, 2, 1, 0));
});

test.each<[string, number[]]>([
  ["outcome=provider_error", [2]],
  ["outcome=provider_error&outcome=ok&limit=50", [3, 2, 1, 0]],
  ["status=502", [2]],
  ["error_code=upstream_error", [2]],
  ["provider=anthropic", [2]],
  ["model=claude-sonnet-5", [2]],
  ["alias=fast", [1]],
  ["stream=true", [1]],
  ["fallback=true", [1]],
  ["fallback=false&stream=false", [3, 2, 0]],
  ["session=s-1", [1]],
  ["prompt=support%2Freply", [1]],
  ["tag=env%3Dci", [3, 1]],
  ["tag=team%3Dsearch", [1]],
  [`team_id=${TEAM_ID}`, [1]],
  ["unpriced=true", [3]],
  ["min_latency_ms=500", [1]],
  ["min_ttft_ms=300", [1]],
  ["min_cost_usd=1.5", [1]],
  ["from=2026-10-05T12:02:00Z", [3, 2]],
  ["from=2026-10-05T12:01:00Z&to=2026-10-05T12:02:00Z", [1]],
  ["to=2026-10-05", []],
  ["deployment=main&outcome=provider_error", [2]],
])("the filter %s shows exactly its rows", async (query, places) => {
  expect(idsOf((await api.ok("GET", `/logs?${query}`)).logs)).toEqual(recordIds(...places));
});

test("rows are found by key, user and request id", async () => {
  expect(idsOf((await api.ok("GET", `/logs?key_id=${keyId}`)).logs)).toHaveLength(3);
  expect(idsOf((await api.ok("GET", `/logs?user_id=${userId}`)).logs)).toHaveLength(4);
  const [id] = recordIds(1);
  expect(idsOf((await api.ok("GET", `/logs?request_id=${id}`)).logs)).toEqual([id]);
});

test.each([
  "nonsense=1",
  "cursor=abc",
  "outcome=fine",
  "status=42",
  "tag=broken",
  "from=yesterday",
  "from=0000-01-01",
  "min_latency_ms=1e300",
  "session=%00",
  "prompt=%00",
])("a filter that cannot be is refused and not ignored: %s", async (query) => {
  const reply = await api.call("GET", `/logs?${query}`);

  expect(reply.status).toBe(400);
  expect(reply.body.error.param).toBe(query.split("=")[0]);
});

test("an entry shows its attempts, its tokens and its cost", async () => {
  const [id] = recordIds(1);

  const log = await api.ok("GET", `/logs/${id}/`);

  expect(log).toMatchObject({
    id,
    created_at: "2026-10-05T12:01:00.000Z",
    label: "Success",
    cost_usd: "2",
    tokens: { input: 10, output: 5 },
    attempts: 2,
    tags: { env: "ci", team: "search" },
    attempt_list: [
      { ended: "server", status: 500 },
      { ended: "ok", status: 200 },
    ],
  });
});

const RANGE = "start=2026-10-05T12:00:00Z&end=2026-10-05T13:00:00Z";

test("spend adds up by every group", async () => {
  const totals = { requests: 4, failed_requests: 1, unpriced_requests: 1, spend_usd: "3" };
  const spend = (group: string) => api.ok("GET", `/analytics/spend/?${RANGE}&group_by=${group}`);

  const byModel = await spend("model");
  expect(byModel).toMatchObject({ group_by: "model", totals, total: 2 });
  expect(byModel.breakdown).toMatchObject([
    { group: "gpt-4o", requests: 3, spend_usd: "3", input_tokens: 30, output_tokens: 15 },
    { group: "claude-sonnet-5", requests: 1, failed_requests: 1, spend_usd: "0" },
  ]);
  expect((await spend("provider")).breakdown).toMatchObject([
    { group: "openai", spend_usd: "3" },
    { group: "anthropic", spend_usd: "0" },
  ]);
  expect((await spend("key")).breakdown).toMatchObject([
    { group: keyId, name: "logs-key", requests: 3 },
    { name: null, requests: 1 },
  ]);
  expect((await spend("user")).breakdown).toMatchObject([
    { group: userId, name: "logs@example.com", spend_usd: "3" },
  ]);
  expect((await spend("team")).breakdown).toMatchObject([
    { group: TEAM_ID, spend_usd: "2" },
    { group: null, spend_usd: "1" },
  ]);
  expect((await spend("tag")).breakdown).toMatchObject([
    { group: "env=ci", requests: 2, spend_usd: "2" },
    { group: "team=search", requests: 1, spend_usd: "2" },
  ]);
  const filtered = await api.ok("GET", `/analytics/spend?${RANGE}&provider=anthropic`);
  expect(filtered.totals).toMatchObject({ requests: 1, spend_usd: "0" });
});

test("usage has no gaps, and its totals are those of its parts", async () => {
  const report = await api.ok("GET", `/analytics/usage?${RANGE}&interval=15m`);

  expect(report.series.map((point: { requests: number }) => point.requests)).toEqual([3, 1, 0, 0]);
  expect(report.totals).toMatchObject({ requests: 4, failed_requests: 1, error_rate: 0.25 });
  expect(report.series[3]).toMatchObject({ error_rate: null, latency_ms_p50: null });
  expect(report.totals.latency_ms_p50).toBeGreaterThan(70);
  expect(report.totals.latency_ms_p50).toBeLessThanOrEqual(150);
  expect(report.totals.latency_ms_p99).toBeGreaterThan(700);
  const daily = await api.ok("GET", `/analytics/usage?${RANGE}`);
  expect(daily.series).toMatchObject([{ start: "2026-10-05T00:00:00.000Z", requests: 4 }]);
});

test("a range is widened to whole quarters and says so; one without length is refused", async () => {
  const odd = "start=2026-10-05T12:07:00Z&end=2026-10-05T12:16:00Z";
  expect(await api.ok("GET", `/analytics/usage?${odd}&interval=15m`)).toMatchObject({
    start: "2026-10-05T12:00:00.000Z",
    end: "2026-10-05T12:30:00.000Z",
  });
  const reversed = await api.call("GET", "/analytics/spend?start=2026-10-06&end=2026-10-05");
  expect([reversed.status, reversed.body.error.param]).toEqual([400, "start"]);
  const long = await api.call("GET", "/analytics/usage?start=2020-01-01&interval=15m");
  expect([long.status, long.body.error.param]).toEqual([400, "interval"]);
});
