import { afterAll, beforeAll, expect, test } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { ensurePartitions } from "#lib/db/partitions.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeTeam } from "#lib/testing/people.ts";
import { makeRecord } from "#lib/testing/records.ts";
import type { Actor } from "./actor.ts";
import { showInstall, showMasterKeys } from "./install.ts";
import { previewRetention, showRetention } from "./retention.ts";

const DAY_MS = 86_400_000;
const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
  await ensurePartitions(getSql(), { daysAhead: 0, nowMs: Date.now() - 40 * DAY_MS });
  for (const ago of [0, 1, 40, 40, 200]) {
    const id = newId(Date.now() - ago * DAY_MS);
    await insertRecords(getSql("batch"), `[${logRowOf(makeRecord({ id }))}]`);
    await getSql()`
      insert into request_payloads (request_id, created_at, key_version, wrapped_key, box, size_bytes)
      values (${id}, ${new Date(Date.now() - ago * DAY_MS)}, ${ago === 0 ? "v0" : "v1"}, '\\x00', '\\x00', 1)`;
  }
});
afterAll(() => api.close());

test("every kind tells its rows, its size, its oldest row and when that one goes", async () => {
  const { tables } = await showRetention(ADMIN);
  const logs = tables.find(({ id }) => id === "logs");
  expect(logs).toMatchObject({ rows: 5, is_estimate: false, kept_days: 180 });
  expect(logs?.bytes).toBeGreaterThan(8192);
  const oldest = Date.parse(logs?.oldest_at ?? "");
  const purge = Date.parse(logs?.next_purge_at ?? "");
  expect(Date.now() - oldest).toBeGreaterThan(199 * DAY_MS);
  expect(purge % DAY_MS).toBe(0);
  expect(purge).toBe(oldest - (oldest % DAY_MS) + 181 * DAY_MS);
  expect(tables.find(({ id }) => id === "audit")).toMatchObject({
    kept_days: null,
    next_purge_at: null,
  });
});

test("shorter times are told what they would remove", async () => {
  expect(await previewRetention(ADMIN, { log_days: 180, payload_days: 30 })).toEqual({
    logs: 1,
    payloads: 3,
  });
  expect(await previewRetention(ADMIN, { log_days: 10, payload_days: 30 })).toEqual({
    logs: 3,
    payloads: 3,
  });
});

test("teams with a setting of their own are listed", async () => {
  const team = await makeTeam("Discreet");
  await getSql()`update teams set payload_storage = 'metadata' where id = ${team.id}`;
  const { teams } = await showRetention(ADMIN);
  expect(teams).toEqual([{ id: team.id, name: "Discreet", payload_storage: "metadata" }]);
});

test("each version of the master keys tells what hangs on it, one that is missing too", async () => {
  await api.ok("POST", "/keys", { user_email: "k@example.com" });
  const keys = await showMasterKeys(ADMIN);
  expect(keys).toEqual([
    {
      version: "v1",
      is_current: true,
      is_configured: true,
      provider_keys: 0,
      guardrail_secrets: 0,
      payloads: 4,
      digests: 1,
    },
    {
      version: "v0",
      is_current: false,
      is_configured: false,
      provider_keys: 0,
      guardrail_secrets: 0,
      payloads: 1,
      digests: 0,
    },
  ]);
});

test("the install tells its versions", async () => {
  const info = await showInstall(ADMIN);
  expect(info).toMatchObject({ node: process.versions.node, redis: null, serverless: false });
  expect(info.database.version).toMatch(/^\d+/);
  expect(info.migrations.applied).toBeGreaterThan(1);
  expect(Date.parse(info.migrations.last_at ?? "")).not.toBeNaN();
});

test("members and team admins see none of it", async () => {
  const lead = await makePerson({ role: "team_admin" });
  await expect(showRetention(lead)).rejects.toMatchObject({ status: 403 });
  await expect(showInstall(lead)).rejects.toMatchObject({ status: 403 });
  await expect(showMasterKeys(lead)).rejects.toMatchObject({ status: 403 });
  await expect(previewRetention(lead, { log_days: 1, payload_days: 1 })).rejects.toMatchObject({
    status: 403,
  });
});
