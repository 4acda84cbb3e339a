import { getTableColumns } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployments } from "#drizzle/schema/deployments.ts";
import { getSql } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

const PROVIDER_KEY = "sk-canary-0123456789abcdefghijklmnop";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi({ CONDUIT_EGRESS_ALLOW: "10.1.0.0/16" });
});
afterAll(() => api.close());

const openai = (name: string, fields: Record<string, unknown> = {}) => ({
  name,
  provider: "openai",
  model_name: "gpt-5.2",
  api_key: PROVIDER_KEY,
  ...fields,
});

test("a registered deployment serves at once, with defaults and a key nobody can read back", async () => {
  const made = await api.call("POST", "/models/deployments/", {
    body: openai("my-gpt5", { api_base: "https://api.openai.com/v1" }),
  });

  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: "my-gpt5",
    provider: "openai",
    model_name: "gpt-5.2",
    api_base: "https://api.openai.com/v1",
    api_key: { set: true, last4: "mnop" },
    priority: 1,
    weight: 100,
    is_active: true,
    settings: {},
    allow_dropping_unsupported_fields: false,
    health: { state: "closed", reason: null },
  });
  expect(currentSnapshot().deployments.get(made.body.id)?.apiKey?.reveal()).toBe(PROVIDER_KEY);
  for (const table of ["audit_events", "provider_credentials", "deployments"]) {
    const rows = await getSql()`select * from ${getSql()(table)}`;
    expect(JSON.stringify(rows, (_, v) => (typeof v === "bigint" ? String(v) : v))).not.toContain(
      PROVIDER_KEY,
    );
  }
  const listed = await api.call("GET", "/models/deployments?name=my-gpt5");
  expect(JSON.stringify(listed.body)).not.toContain(PROVIDER_KEY);
  expect(listed.body.total).toBe(1);
});

test("every field can be changed, prices are exact, and another spelling of a provider is taken", async () => {
  const { id, provider } = await api.ok("POST", "/models/deployments", {
    ...openai("edit"),
    provider: "gemini",
    model_name: "gemini-3-pro",
  });
  const fields = {
    name: "edited",
    model_name: "gemini-3-flash",
    priority: 3,
    weight: 7,
    is_active: false,
    timeout_ms: 1500,
    max_rpm: 10,
    max_tpm: 20_000,
    tags: ["eu"],
    input_price_per_million_usd: "0.000000001",
    output_price_per_million_usd: 2.5,
    allow_dropping_unsupported_fields: true,
  };

  const changed = await api.ok("PATCH", `/models/deployments/${id}/`, fields);

  expect(provider).toBe("google");
  expect(changed).toMatchObject({
    ...fields,
    output_price_per_million_usd: "2.5",
    price_state: "priced",
  });
  expect(currentSnapshot().deployments.get(id)).toMatchObject({ name: "edited", isActive: false });
});

test(`${threat("T4")}: a stored key never follows its deployment to another origin`, async () => {
  const { id } = await api.ok("POST", "/models/deployments", openai("mover"));
  const move = (body: unknown) => api.call("PATCH", `/models/deployments/${id}`, { body });

  for (const api_base of [
    "https://evil.example.com/v1",
    "http://api.openai.com/v1",
    "https://api.openai.com:8443/v1",
  ]) {
    const refused = await move({ api_base });
    expect([refused.status, refused.body.error.param], api_base).toEqual([400, "api_key"]);
  }
  expect((await move({ api_base: "https://api.openai.com/other" })).status).toBe(200);
  expect(currentSnapshot().deployments.get(id)?.apiKey?.reveal()).toBe(PROVIDER_KEY);
  const moved = await move({ api_base: "https://eu.example.com", api_key: "sk-another-key-1234" });
  expect(moved.body).toMatchObject({ api_key: { set: true, last4: "1234" } });
  expect(currentSnapshot().deployments.get(id)?.apiKey?.reveal()).toBe("sk-another-key-1234");
  const [left] = await getSql()`
    select count(*)::int as n from provider_credentials c
    where not exists (select 1 from deployments d where d.credential_id = c.id)`;
  expect(left?.["n"]).toBe(0);
});

test.each([
  "http://169.254.169.254/latest",
  "http://[fe80::1]/v1",
  "http://metadata.google.internal/v1",
  "http://127.0.0.1:9/v1",
  "http://2130706433/v1",
  "http://0x7f.1/v1",
  "http://[::ffff:127.0.0.1]/v1",
  "http://192.168.1.1/v1",
  "https://user:pass@example.com/v1",
  "ftp://example.com/v1",
  "file:///etc/passwd",
  "example.com",
  "https://example.com/v1?key=x",
])("an address out of bounds is refused when it is saved: %s", async (api_base) => {
  const { id } = await api
    .call("GET", "/models/deployments?name=my-gpt5")
    .then((reply) => reply.body.deployments[0]);

  const created = await api.call("POST", "/models/deployments", {
    body: openai("outside", { api_base }),
  });
  const changed = await api.call("PATCH", `/models/deployments/${id}`, {
    body: { api_base, api_key: PROVIDER_KEY },
  });

  expect([created.status, created.body.error.param]).toEqual([400, "api_base"]);
  expect([changed.status, changed.body.error.param]).toEqual([400, "api_base"]);
});

test("a private address on the allow list is taken", async () => {
  const made = await api.call("POST", "/models/deployments", {
    body: {
      name: "inside",
      provider: "vllm",
      model_name: "qwen",
      api_base: "http://10.1.2.3:8000",
    },
  });

  expect(made.status).toBe(201);
});

test("what a deployment cannot do without, or does not know, is named", async () => {
  const create = (body: unknown) => api.call("POST", "/models/deployments", { body });

  const noKey = await create({ name: "a", provider: "openai", model_name: "m" });
  const noBase = await create({ name: "a", provider: "openai_compatible", model_name: "m" });
  const noProvider = await create({ name: "a", provider: "nobody", model_name: "m" });
  const setting = await create(openai("a", { settings: { region: "eu" } }));
  const twice = await create(openai("my-gpt5"));
  const empty = await create("");

  expect([noKey.status, noKey.body.error.param]).toEqual([400, "api_key"]);
  expect([noBase.status, noBase.body.error.param]).toEqual([400, "api_base"]);
  expect([noProvider.status, noProvider.body.error.param]).toEqual([400, "provider"]);
  expect([setting.status, setting.body.error.param]).toEqual([400, "settings.region"]);
  expect([twice.status, twice.body.error.code]).toEqual([409, "conflict"]);
  expect([empty.status, empty.body.error.param]).toEqual([400, "name"]);
});

test("no column of the table can be set that is not in the documented body", async () => {
  const documented = new Set(
    "name provider model_name api_base priority weight is_active timeout_ms max_rpm max_tpm tags settings allow_dropping_unsupported_fields".split(
      " ",
    ),
  );
  const columns = Object.entries(getTableColumns(deployments)).flatMap(([field, { name }]) => [
    field,
    name,
  ]);
  for (const name of [...columns, "health", "last4", "__proto__"]) {
    if (!documented.has(name)) {
      const body = `{"name":"mass","provider":"mock","model_name":"m","${name}":"x"}`;
      const reply = await api.call("POST", "/models/deployments", { body });
      expect([reply.status, reply.body.error.param], name).toEqual([400, name]);
    }
  }
});

test("the mock answers a connection test through the serving code", async () => {
  const { id } = await api.ok("POST", "/models/deployments", {
    name: "mock",
    provider: "mock",
    model_name: "echo",
    settings: { reply: "Hello" },
  });

  const tested = await api.ok("POST", `/models/deployments/${id}/test/`);

  expect(tested).toMatchObject({ ok: true, status: 200, error: null });
  await api.ok("PATCH", `/models/deployments/${id}`, {
    settings: { error_rate: 1, error_status: 503 },
  });
  expect(await api.ok("POST", `/models/deployments/${id}/test`)).toMatchObject({
    ok: false,
    status: 503,
  });
});

test("a deleted deployment is gone with its key", async () => {
  const { id } = await api.ok("POST", "/models/deployments", openai("gone"));

  expect((await api.call("DELETE", `/models/deployments/${id}/`)).status).toBe(204);

  expect((await api.call("GET", `/models/deployments/${id}`)).status).toBe(404);
  expect(currentSnapshot().deployments.has(id)).toBe(false);
  const [row] = await getSql()`
    select count(*)::int as n from provider_credentials c
    where not exists (select 1 from deployments d where d.credential_id = c.id)`;
  expect(row?.["n"]).toBe(0);
});

test("in production no name leads to a deployment by itself", async () => {
  expect((await api.call("GET", "/aliases/*")).status).toBe(404);
});

test("in development the alias * holds every active deployment, until it is deleted", async () => {
  process.env["CONDUIT_ENV"] = "development";
  dropSingleton("env");
  const mock = (name: string) => ({ name, provider: "mock", model_name: "echo" });
  const members = async (): Promise<string[]> => {
    const alias = await api.ok("GET", "/aliases/%2A");
    return alias.members.map((member: { deployment: string }) => member.deployment);
  };

  const first = await api.ok("POST", "/models/deployments", mock("dev-1"));
  expect(await members()).toContain("dev-1");
  await api.ok("POST", "/models/deployments", mock("dev-2"));
  expect(await members()).toEqual(expect.arrayContaining(["dev-1", "dev-2", "my-gpt5"]));
  await api.ok("PATCH", `/models/deployments/${first.id}`, { is_active: false });
  expect(await members()).not.toContain("dev-1");
  expect(currentSnapshot().aliases.has("*")).toBe(true);

  await api.call("DELETE", "/aliases/*");
  await api.ok("POST", "/models/deployments", mock("dev-3"));
  expect((await api.call("GET", "/aliases/*")).status).toBe(404);
});
