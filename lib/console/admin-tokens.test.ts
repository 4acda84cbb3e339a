import { afterAll, beforeAll, expect, test } from "vitest";
import { ACTIONS, type Action, FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { ADMIN_OPERATIONS } from "#lib/contract/openapi-admin.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

async function tokenWith(...scopes: Action[]): Promise<string> {
  const made = await api.ok("POST", "/tokens", { name: "ci", scopes });
  return made.token;
}

/** The path of an operation with ids that name nothing. */
function concrete(path: string): string {
  return path
    .replace("/admin/v1", "")
    .replace("{id}", newId())
    .replace("{userId}", newId())
    .replace("{name}", "nothing");
}

const GUARDED = ADMIN_OPERATIONS.filter((operation) => operation.scope !== null);

test("a token is shown once, listed by its hint, and refused once revoked", async () => {
  const made = await api.call("POST", "/tokens/", {
    body: { name: "ci", scopes: ["key.read", "key.read"], expires_in_days: 1 },
  });

  expect(made.status).toBe(201);
  expect(made.body.token).toMatch(/^cnd_ad_[0-9A-Za-z]{49}$/);
  expect(made.body.scopes).toEqual(["key.read"]);
  const token = made.body.token;
  expect((await api.call("GET", "/keys", { token })).status).toBe(200);
  const byHeader = await api.call("GET", "/keys", { token: null, headers: { "x-api-key": token } });
  expect(byHeader.status).toBe(200);
  const listed = await api.ok("GET", "/tokens");
  expect(JSON.stringify(listed)).not.toContain(token);
  expect(listed.tokens[0]).toMatchObject({ token_prefix: made.body.token_prefix });
  expect((await api.call("DELETE", `/tokens/${made.body.id}/`)).status).toBe(204);
  expect((await api.call("GET", "/keys", { token })).status).toBe(401);
  expect((await api.call("DELETE", `/tokens/${made.body.id}`)).status).toBe(404);
});

test.each(GUARDED.map((operation) => [operation.method.toUpperCase(), operation.path, operation]))(
  `${threat("T6")}: %s %s asks for a key, and for exactly its own scope`,
  async (method, path, { scope, body }) => {
    const others = ACTIONS.filter((action) => action !== scope);
    const wrong = await tokenWith(...(others as [Action]));
    const right = await tokenWith(scope as Action);
    const options = body === undefined ? {} : { body: {} };
    const ask = (token: string | null) => api.call(method, concrete(path), { ...options, token });

    expect((await ask(null)).status).toBe(401);
    expect((await ask("cnd_sk_not-an-admin-key")).status).toBe(401);
    const refused = await ask(wrong);
    expect([refused.status, refused.body.error.type]).toEqual([403, "permission_error"]);
    expect(refused.body.error.message).toContain(String(scope));
    expect([401, 403]).not.toContain((await ask(right)).status);
  },
);

test(`${threat("T8")}: a field that needs more than its route is refused by name without its scope`, async () => {
  const cases = [
    { fields: FIELD_ACTIONS.key, path: "/keys", scope: "key.create" },
    { fields: FIELD_ACTIONS.user, path: "/users", scope: "user.create" },
    { fields: FIELD_ACTIONS.team, path: "/teams", scope: "team.create" },
    { fields: FIELD_ACTIONS.deployment, path: "/models/deployments", scope: "deployment.create" },
  ] as const;
  const bodies: Record<string, Record<string, unknown>> = {
    "/keys": { user_email: "f@example.com" },
    "/users": { email: "g@example.com" },
    "/teams": { name: "F" },
    "/models/deployments": { name: "f", provider: "mock", model_name: "echo" },
  };
  const values: Record<string, unknown> = {
    role: "admin",
    budget_period: "day",
    api_base: "https://example.com",
    api_key: "sk-0123456789",
    allowed_models: ["a"],
  };
  for (const { fields, path, scope } of cases) {
    const token = await tokenWith(scope);
    for (const [field, needed] of Object.entries(fields)) {
      // These can be changed, and not be given to something new.
      if (["is_suspended", "payload_storage", "share_cache"].includes(field)) {
        continue;
      }
      const body = { ...bodies[path], [field]: values[field] ?? 5 };
      const reply = await api.call("POST", path, { body, token });
      expect([reply.status, reply.body.error?.param], `${path} ${field}`).toEqual([403, field]);
      expect(reply.body.error.message).toContain(needed);
    }
    expect((await api.call("POST", path, { body: bodies[path], token })).status).toBe(201);
  }
});

test(`${threat("T9")}: a token that may only change keys cannot take their limits off`, async () => {
  const { id } = await api.ok("POST", "/keys", { user_email: "h@example.com" });
  const token = await tokenWith("key.update");
  const lifts = { team_id: null, allowed_models: null, allowed_cidrs: null, expires_at: null };
  for (const [field, value] of Object.entries(lifts)) {
    const reply = await api.call("PATCH", `/keys/${id}`, { body: { [field]: value }, token });
    expect([reply.status, reply.body.error?.param], field).toEqual([403, field]);
  }
  const renamed = await api.call("PATCH", `/keys/${id}`, { body: { alias: "renamed" }, token });
  expect(renamed.status).toBe(200);
});

test(`${threat("T9")}: a token cannot make a token that can do more than itself`, async () => {
  const token = await tokenWith("token.create", "key.read");

  const wider = await api.call("POST", "/tokens", {
    body: { name: "wider", scopes: ["key.read", "key.create"] },
    token,
  });
  const narrower = await api.call("POST", "/tokens", {
    body: { name: "narrower", scopes: ["key.read"] },
    token,
  });

  expect([wider.status, narrower.status]).toEqual([403, 201]);
});

test.each([
  [{ name: "x", scopes: [] }, "scopes"],
  [{ name: "x", scopes: ["all"] }, "scopes[0]"],
  [{ name: "x", scopes: ["*"] }, "scopes[0]"],
  [{ scopes: ["key.read"] }, "name"],
  [{ name: "x", scopes: ["key.read"], digest: "x" }, "digest"],
  [{ name: "x", scopes: ["key.read"], revoked_at: null }, "revoked_at"],
])("a token cannot be made of %j", async (body, param) => {
  const reply = await api.call("POST", "/tokens", { body });

  expect([reply.status, reply.body.error.param]).toEqual([400, param]);
});
