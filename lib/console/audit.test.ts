import { afterAll, beforeAll, expect, test } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

test("every write leaves one event and raises the configuration's version by one", async () => {
  const writes: [string, string, unknown?][] = [
    ["POST", "/users", { email: "w@example.com" }],
    ["POST", "/teams", { name: "W" }],
    ["POST", "/keys", { user_email: "new@example.com", budget_limit_usd: 1 }],
    ["POST", "/tokens", { name: "w", scopes: ["key.read"] }],
    ["POST", "/models/deployments", { name: "w", provider: "mock", model_name: "echo" }],
    ["POST", "/aliases", { name: "w", members: [{ deployment: "w" }] }],
  ];
  const made: Record<string, { id: string }> = {};
  const step = async (method: string, path: string, body?: unknown) => {
    const before = await api.marks();
    const answer = await api.ok(method, path, body);
    const after = await api.marks();
    expect(after, `${method} ${path}`).toEqual({
      events: before.events + 1,
      version: before.version + 1,
    });
    return answer;
  };
  for (const [method, path, body] of writes) {
    made[path] = await step(method, path, body);
  }
  const id = (path: string) => made[path]?.id ?? "";
  const team = `/teams/${id("/teams")}`;
  const member = `${team}/members/${id("/users")}`;
  await step("PATCH", `/users/${id("/users")}`, { name: "W" });
  await step("PATCH", team, { rate_limit_rpm: 1 });
  await step("POST", `${team}/members`, { user_id: id("/users") });
  await step("PATCH", member, { role: "team_admin" });
  await step("DELETE", member);
  await step("PATCH", `/keys/${id("/keys")}`, { budget_limit_usd: 2 });
  await step("POST", `/keys/${id("/keys")}/rotate`, {});
  await step("DELETE", `/keys/${id("/keys")}`);
  await step("PATCH", `/models/deployments/${id("/models/deployments")}`, { priority: 2 });
  await step("PATCH", "/aliases/w", { strategy: "weighted" });
  await step("DELETE", "/aliases/w");
  await step("DELETE", `/models/deployments/${id("/models/deployments")}`);
  await step("DELETE", `/tokens/${id("/tokens")}`);
  await step("DELETE", `/users/${id("/users")}`);
  await step("DELETE", team);
});

test("an event tells who changed which fields from what to what", async () => {
  const token = await api.ok("POST", "/tokens", { name: "bot", scopes: ["key.update"] });
  const key = await api.ok("POST", "/keys", { user_email: "b@example.com", alias: "old" });
  const reply = await api.call("PATCH", `/keys/${key.id}`, {
    body: { alias: "new" },
    token: token.token,
    headers: { "x-conduit-client-ip": "203.0.113.9" },
  });

  const { events, total } = await api.ok("GET", `/audit/?target_id=${key.id}&limit=1`);

  expect(total).toBe(2);
  expect(events).toMatchObject([
    {
      actor_type: "admin_token",
      actor_id: token.id,
      actor_name: "bot",
      action: "api_key.update",
      target_type: "api_key",
      before: { alias: "old" },
      after: { alias: "new" },
      ip: "203.0.113.9",
      request_id: reply.headers.get("x-request-id"),
    },
  ]);
  expect(events[0].hash).toMatch(/^[0-9a-f]{64}$/);
});

test(`${threat("T15")}: a refused write leaves no event, and secrets appear in none`, async () => {
  const before = await api.marks();
  await api.call("POST", "/keys", { body: { user_email: "x@y.co", nonsense: 1 } });
  await api.call("POST", "/aliases", { body: { name: "n", members: [{ deployment: "nobody" }] } });
  expect(await api.marks()).toEqual(before);

  const made = await api.ok("POST", "/models/deployments", {
    name: "secret",
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-canary-in-the-audit-log",
  });
  const { events } = await api.ok("GET", `/audit?target_id=${made.id}`);

  expect(events[0].after.api_key).toBe("[secret]");
  expect(JSON.stringify(events)).not.toContain("canary");
});

test(`${threat("T38")}: writes at the same time form one unbroken chain`, async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => api.ok("POST", "/users", { email: `p${n}@example.com` })),
  );

  const { events, version } = await api.marks();

  expect(await api.ok("GET", "/audit/verify/")).toEqual({
    intact: true,
    checked: events,
    broken_at: null,
  });
  expect(version).toBeGreaterThanOrEqual(events);
});

test(`${threat("T38")}: an event that is altered, or taken out around the trigger, is named`, async () => {
  const sql = getSql();
  await expect(sql`update audit_events set ip = 'x' where sequence = 3`).rejects.toThrow(
    "append-only",
  );
  await sql`alter table audit_events disable trigger audit_events_append_only`;

  await sql`update audit_events set after = '{"alias":"forged"}' where sequence = 5`;
  expect(await api.ok("GET", "/audit/verify")).toMatchObject({ intact: false, broken_at: 5 });
  await sql`delete from audit_events where sequence = 3`;
  expect(await api.ok("GET", "/audit/verify")).toEqual({
    intact: false,
    checked: 2,
    broken_at: 4,
  });
});
