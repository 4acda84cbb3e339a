import { getTableColumns } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { authenticateKey } from "#lib/auth/api-key.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makeRecord } from "#lib/testing/records.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

const call = (key: string) =>
  authenticateKey({ authorization: `Bearer ${key}`, apiKey: undefined, ip: "203.0.113.7" });

test("a key made for an unknown address makes a member and opens the gateway at once", async () => {
  const made = await api.call("POST", "/keys/", {
    body: { user_email: "Dev@YourCompany.com", alias: "dev-key", budget_limit_usd: 50.0 },
  });

  expect(made.status).toBe(201);
  expect(Object.keys(made.body).toSorted()).toEqual([
    "alias",
    "created_at",
    "id",
    "key",
    "key_prefix",
  ]);
  expect(made.body.key).toMatch(/^cnd_sk_[0-9A-Za-z]{49}$/);
  expect(made.body.key_prefix).not.toContain(made.body.key.slice(12, 40));
  const caller = await call(made.body.key);
  expect(caller.userEmail).toBe("dev@yourcompany.com");
  expect(caller.budgets).toMatchObject([{ limitNanos: 50_000_000_000n, period: "total" }]);
  const { users } = await api.ok("GET", "/users?email=dev@yourcompany.com");
  expect(users).toMatchObject([{ email: "dev@yourcompany.com", role: "member" }]);
});

test("the info has exactly the documented fields, and never the secret", async () => {
  const made = await api.ok("POST", "/keys", { user_email: "info@example.com", alias: "info" });

  const info = await api.ok("GET", `/keys/${made.id}`);

  const documented =
    "id, key_prefix, alias, user_id, user_email, team_id, allowed_models, budget_limit_usd, budget_period, spend_usd, reserved_usd, resets_at, rate_limit_rpm, rate_limit_tpm, max_parallel, is_active, status, expires_at, last_used_at, created_at";
  expect(Object.keys(info)).toEqual(expect.arrayContaining(documented.split(", ")));
  expect(info).toMatchObject({ spend_usd: "0", reserved_usd: "0", status: "active" });
  expect(JSON.stringify(info)).not.toContain(made.key);
  const [dump] = await getSql()`select json_agg(t)::text as all from audit_events t`;
  expect(dump?.["all"]).not.toContain(made.key);
});

test("every field of a key can be changed, and null takes a limit away", async () => {
  const team = await api.ok("POST", "/teams", { name: "Search" });
  const { id } = await api.ok("POST", "/keys", { user_email: "edit@example.com" });
  const fields = {
    alias: "renamed",
    team_id: team.id,
    allowed_models: ["gpt-5.2"],
    budget_limit_usd: "12.5",
    budget_period: "month",
    soft_limit_percent: 80,
    rate_limit_rpm: 60,
    rate_limit_tpm: 100_000,
    max_parallel: 4,
    allowed_cidrs: ["10.0.0.0/8"],
    tags: { env: "ci" },
    coalesce: true,
    expires_at: "2099-01-01T00:00:00+01:00",
    is_active: false,
  };

  const changed = await api.ok("PATCH", `/keys/${id}/`, fields);

  expect(changed).toMatchObject({
    ...fields,
    expires_at: "2098-12-31T23:00:00.000Z",
    status: "disabled",
  });
  expect(Date.parse(changed.resets_at)).toBeGreaterThan(Date.now());
  const cleared = await api.ok("PATCH", `/keys/${id}`, {
    alias: null,
    team_id: null,
    allowed_models: null,
    budget_limit_usd: null,
    rate_limit_rpm: null,
    rate_limit_tpm: null,
    max_parallel: null,
    allowed_cidrs: null,
    expires_at: null,
    is_active: true,
  });
  expect(cleared).toMatchObject({
    alias: null,
    team_id: null,
    allowed_models: null,
    budget_limit_usd: null,
    budget_period: null,
    rate_limit_rpm: null,
    expires_at: null,
    status: "active",
    tags: { env: "ci" },
  });
});

test("a rotation keeps the old secret for its grace and no longer", async () => {
  const made = await api.ok("POST", "/keys", { user_email: "rotate@example.com" });
  await call(made.key);

  const rotated = await api.ok("POST", `/keys/${made.id}/rotate/`, { grace_seconds: 3600 });

  expect(rotated).toMatchObject({ id: made.id });
  expect(rotated.key).not.toBe(made.key);
  expect((await call(made.key)).keyId).toBe(made.id);
  expect((await call(rotated.key)).keyId).toBe(made.id);
  const again = await api.ok("POST", `/keys/${made.id}/rotate`, { grace_seconds: 0 });
  await expect(call(made.key)).rejects.toMatchObject({ status: 401 });
  await expect(call(rotated.key)).rejects.toMatchObject({ status: 401 });
  expect((await call(again.key)).keyId).toBe(made.id);
  expect((await api.ok("GET", `/keys/${made.id}`)).key_prefix).toBe(again.key_prefix);
});

test("a revoked key is refused at once, stays visible and cannot come back", async () => {
  const made = await api.ok("POST", "/keys", { user_email: "revoke@example.com" });
  await call(made.key);

  const revoked = await api.call("DELETE", `/keys/${made.id}/`);

  expect(revoked).toMatchObject({ status: 204, body: undefined });
  await expect(call(made.key)).rejects.toMatchObject({ status: 401 });
  expect(await api.ok("GET", `/keys/${made.id}`)).toMatchObject({
    status: "revoked",
    is_active: false,
  });
  expect((await api.call("DELETE", `/keys/${made.id}`)).status).toBe(204);
  expect((await api.call("PATCH", `/keys/${made.id}`, { body: { is_active: true } })).status).toBe(
    409,
  );
  expect((await api.call("POST", `/keys/${made.id}/rotate`)).status).toBe(409);
  const listed = await api.ok("GET", "/keys?user_email=revoke@example.com");
  expect(listed).toEqual({ keys: [], total: 0 });
  const all = await api.ok("GET", "/keys?user_email=revoke@example.com&status=revoked");
  expect(all.total).toBe(1);
});

test("disabling and expiring take effect in this process before the answer", async () => {
  const made = await api.ok("POST", "/keys", { user_email: "switch@example.com" });
  await call(made.key);

  await api.ok("PATCH", `/keys/${made.id}`, { is_active: false });
  await expect(call(made.key)).rejects.toMatchObject({ status: 401 });
  await api.ok("PATCH", `/keys/${made.id}`, { is_active: true, expires_in_days: 1 });

  expect((await call(made.key)).keyId).toBe(made.id);
});

test("no column of the table can be set that is not in the documented body", async () => {
  const documented = new Set([
    "user_email",
    "alias",
    "team_id",
    "note",
    "allowed_models",
    "rate_limit_rpm",
    "rate_limit_tpm",
    "max_parallel",
    "expires_at",
    "allowed_cidrs",
    "tags",
    "coalesce",
  ]);
  const { id } = await api.ok("POST", "/keys", { user_email: "mass@example.com" });
  const columns = Object.entries(getTableColumns(apiKeys)).flatMap(([field, column]) => [
    field,
    column.name,
  ]);
  const strangers = [...columns, "role", "spend_usd", "is_admin", "org_id", "__proto__"].filter(
    (name) => !documented.has(name) && name !== "alias" && name !== "tags",
  );
  for (const name of strangers) {
    const body = `{"user_email":"mass@example.com","${name}":"x"}`;
    const created = await api.call("POST", "/keys", { body });
    expect([created.status, created.body.error.param], name).toEqual([400, name]);
    if (name !== "is_active") {
      const changed = await api.call("PATCH", `/keys/${id}`, { body: `{"${name}":"x"}` });
      expect([changed.status, changed.body.error.code], name).toEqual([400, "unknown_parameter"]);
    }
  }
});

test.each([
  [{}, "user_email", "missing_required_parameter"],
  [{ user_email: "nobody" }, "user_email", "invalid_value"],
  [{ user_email: "a@b.co", team_id: newId() }, "team_id", "invalid_value"],
  [{ user_email: "a@b.co", budget_limit_usd: -1 }, "budget_limit_usd", "invalid_value"],
  [{ user_email: "a@b.co", budget_limit_usd: "1e9" }, "budget_limit_usd", "invalid_value"],
  [{ user_email: "a@b.co", budget_limit_usd: 0.1234567891 }, "budget_limit_usd", "invalid_value"],
  [{ user_email: "a@b.co", budget_period: "day" }, "budget_limit_usd", undefined],
  [{ user_email: "a@b.co", rate_limit_rpm: 0 }, "rate_limit_rpm", "invalid_value"],
  [{ user_email: "a@b.co", allowed_cidrs: ["10.0.0.1"] }, "allowed_cidrs[0]", undefined],
  [{ user_email: "a@b.co", expires_at: "2001-01-01T00:00:00Z" }, "expires_at", "invalid_value"],
  [{ user_email: "a@b.co", alias: "a\u0000b" }, "alias", "invalid_value"],
  [{ user_email: "a@b.co", tags: { "\ud800": "x" } }, "tags", "invalid_value"],
  [{ user_email: "a@b.co", tags: { "conduit.purpose": "x" } }, "tags", "invalid_value"],
])("a body that cannot be is refused by field: %j", async (body, param, code) => {
  const before = await api.marks();

  const reply = await api.call("POST", "/keys", { body });

  expect(reply.status).toBe(400);
  expect(reply.body.error).toMatchObject({ param, type: "invalid_request_error" });
  if (code !== undefined) {
    expect(reply.body.error.code).toBe(code);
  }
  expect(await api.marks()).toEqual(before);
});

test("what a key spent is shown with and without a budget, and a new budget counts it", async () => {
  const made = await api.ok("POST", "/keys", { user_email: "spend@example.com" });
  const { user_id: userId } = await api.ok("GET", `/keys/${made.id}`);
  const record = makeRecord({ keyId: made.id, userId, costNanos: 1_500_000_000n });
  await insertRecords(getSql(), `[${logRowOf(record)}]`);

  expect((await api.ok("GET", `/keys/${made.id}`)).spend_usd).toBe("1.5");
  const limited = await api.ok("PATCH", `/keys/${made.id}`, { budget_limit_usd: 2 });

  expect(limited).toMatchObject({ budget_limit_usd: "2", spend_usd: "1.5" });
  const { budgets } = await api.ok("GET", `/budgets?subject=key&subject_id=${made.id}`);
  expect(budgets).toMatchObject([
    { limit_usd: "2", spent_usd: "1.5", remaining_usd: "0.5", period: "total" },
  ]);
});

test("lists are paged and count all", async () => {
  for (let n = 0; n < 3; n += 1) {
    await api.ok("POST", "/keys", { user_email: "pages@example.com", alias: `page-${n}` });
  }

  const first = await api.ok("GET", "/keys?user_email=pages@example.com&limit=2");
  const second = await api.ok("GET", "/keys/?user_email=pages@example.com&limit=2&offset=2");

  expect([first.keys.length, first.total, second.keys.length]).toEqual([2, 3, 1]);
  expect(first.keys.map((key: { alias: string }) => key.alias)).toEqual(["page-2", "page-1"]);
  for (const query of [
    "limit=0",
    "limit=201",
    "limit=x",
    "offset=-1",
    "lmit=5",
    "limit=1&limit=2",
  ]) {
    expect((await api.call("GET", `/keys?${query}`)).status, query).toBe(400);
  }
});
