import { getTableColumns } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import { authenticateKey } from "#lib/auth/api-key.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

const call = (key: string) =>
  authenticateKey({ authorization: `Bearer ${key}`, apiKey: undefined, ip: null });

test("a user is made, changed, listed and deleted", async () => {
  const made = await api.call("POST", "/users/", {
    body: { email: "Ada@Example.com", name: "Ada", budget_limit_usd: 10, budget_period: "week" },
  });

  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    email: "ada@example.com",
    role: "member",
    is_suspended: false,
    budget_limit_usd: "10",
    budget_period: "week",
  });
  const path = `/users/${made.body.id}`;
  expect(await api.ok("PATCH", path, { name: null, role: "admin" })).toMatchObject({
    name: null,
    role: "admin",
  });
  await api.ok("PATCH", path, { role: "admin" });
  expect((await api.ok("GET", "/users?role=admin")).total).toBe(1);
  await api.ok("POST", "/users", { email: "second@example.com", role: "admin" });
  expect((await api.call("DELETE", `${path}/`)).status).toBe(204);
  expect((await api.call("GET", path)).status).toBe(404);
  expect((await api.ok("GET", "/budgets?subject=user")).total).toBe(0);
});

test("the last active administrator can be neither demoted nor suspended nor deleted", async () => {
  const { users: admins } = await api.ok("GET", "/users?role=admin");
  expect(admins).toHaveLength(1);
  const path = `/users/${admins[0].id}`;

  const replies = [
    await api.call("PATCH", path, { body: { role: "member" } }),
    await api.call("PATCH", path, { body: { is_suspended: true } }),
    await api.call("DELETE", path),
  ];

  expect(replies.map((reply) => reply.status)).toEqual([409, 409, 409]);
});

test("suspending a user refuses their keys at once, and lifting it lets them in again", async () => {
  const made = await api.ok("POST", "/keys", { user_email: "suspend@example.com" });
  const { user_id: userId } = await api.ok("GET", `/keys/${made.id}`);
  await call(made.key);

  await api.ok("PATCH", `/users/${userId}`, { is_suspended: true });
  await expect(call(made.key)).rejects.toMatchObject({ status: 401 });
  await api.ok("PATCH", `/users/${userId}`, { is_suspended: false });

  expect((await call(made.key)).userId).toBe(userId);
  expect((await api.call("DELETE", `/users/${userId}`)).status).toBe(409);
});

test("a changed team holds its keys at once, and a deleted one refuses them", async () => {
  const team = await api.call("POST", "/teams/", {
    body: { name: "Growth", allowed_models: ["gpt-5.2"], rate_limit_rpm: 5 },
  });
  expect(team.status).toBe(201);
  const { id } = team.body;
  const made = await api.ok("POST", "/keys", { user_email: "t@example.com", team_id: id });
  expect(await call(made.key)).toMatchObject({ teamName: "Growth", teamLimits: { rpm: 5 } });

  const changed = await api.ok("PATCH", `/teams/${id}/`, {
    rate_limit_rpm: 9,
    allowed_models: null,
    budget_limit_usd: "3",
  });

  expect(changed).toMatchObject({ rate_limit_rpm: 9, allowed_models: null, budget_limit_usd: "3" });
  const caller = await call(made.key);
  expect(caller.teamLimits?.rpm).toBe(9);
  expect(caller.budgets).toMatchObject([{ subject: "team", limitNanos: 3_000_000_000n }]);
  expect((await api.call("DELETE", `/teams/${id}`)).status).toBe(204);
  await expect(call(made.key)).rejects.toMatchObject({ status: 401 });
  expect((await api.call("GET", `/teams/${id}`)).status).toBe(404);
  expect((await api.call("POST", "/teams", { body: { name: "Growth" } })).status).toBe(201);
});

test("members come by address or id, once, and go again", async () => {
  const { id } = await api.ok("POST", "/teams", { name: "Members" });
  const path = `/teams/${id}/members`;

  const added = await api.call("POST", `${path}/`, {
    body: { user_email: "new@example.com", role: "team_admin" },
  });

  expect(added.status).toBe(201);
  expect(added.body).toMatchObject({ email: "new@example.com", role: "team_admin" });
  const userId = added.body.user_id;
  const twice = await api.call("POST", path, { body: { user_id: userId } });
  expect([twice.status, twice.body.error.code]).toEqual([409, "conflict"]);
  const unknown = await api.call("POST", path, { body: { user_id: newId() } });
  expect([unknown.status, unknown.body.error.param]).toEqual([400, "user_id"]);
  const both = await api.call("POST", path, { body: { user_id: userId, user_email: "a@b.co" } });
  expect(both.status).toBe(400);
  expect((await api.call("POST", path, { body: {} })).status).toBe(400);
  expect(await api.ok("PATCH", `${path}/${userId}/`, { role: "member" })).toMatchObject({
    role: "member",
  });
  expect(await api.ok("GET", path)).toMatchObject({ total: 1, members: [{ role: "member" }] });
  expect((await api.ok("GET", `/teams/${id}`)).member_count).toBe(1);
  expect((await api.call("DELETE", `${path}/${userId}`)).status).toBe(204);
  expect((await api.call("GET", `${path}/${userId}`)).status).toBe(404);
  expect((await api.call("GET", `/teams/${newId()}/members`)).status).toBe(404);
});

test("no column of users and teams can be set that is not in the documented body", async () => {
  const cases = [
    { path: "/users", table: users, body: { email: "mass@example.com" }, known: "email name role" },
    {
      path: "/teams",
      table: teams,
      body: { name: "Mass" },
      known: "name allowed_models rate_limit_rpm rate_limit_tpm max_parallel",
    },
  ];
  for (const { path, table, body, known } of cases) {
    const columns = Object.entries(getTableColumns(table)).flatMap(([field, { name }]) => [
      field,
      name,
    ]);
    for (const name of columns.filter((column) => !known.split(" ").includes(column))) {
      const reply = await api.call("POST", path, { body: { ...body, [name]: "x" } });
      expect([reply.status, reply.body.error.param], `${path} ${name}`).toEqual([400, name]);
    }
  }
});
