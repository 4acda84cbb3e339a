import { getTableColumns } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aliases } from "#drizzle/schema/aliases.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";

let api: AdminApi;
let ids: Record<string, string>;
beforeAll(async () => {
  api = await openAdminApi();
  ids = {};
  for (const name of ["cheap", "dear", "spare"]) {
    const price = { cheap: "1", dear: "9", spare: "5" }[name];
    const made = await api.ok("POST", "/models/deployments", {
      name,
      provider: "mock",
      model_name: `${name}-model`,
      input_price_per_million_usd: price,
      output_price_per_million_usd: price,
    });
    ids[name] = made.id;
  }
});
afterAll(() => api.close());

test("an alias is made, read, changed and deleted under its name, slashes included", async () => {
  const made = await api.call("POST", "/aliases/", {
    body: {
      name: "team/fast",
      strategy: "weighted",
      members: [
        { deployment: "cheap", weight: 3 },
        { deployment: ids["dear"], priority: 2 },
      ],
      fallbacks: ["spare"],
      max_attempts: 4,
      timeout_ms: 9000,
    },
  });

  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: "team/fast",
    strategy: "weighted",
    members: [
      { deployment: "cheap", weight: 3, priority: 1 },
      { deployment: "dear", weight: 100, priority: 2 },
    ],
    fallbacks: ["spare"],
    max_attempts: 4,
  });
  expect(currentSnapshot().aliases.get("team/fast")?.members).toHaveLength(2);
  const path = "/aliases/team%2Ffast";
  expect(await api.ok("GET", `${path}/`)).toEqual(made.body);
  const changed = await api.ok("PATCH", path, { strategy: "priority", max_attempts: null });
  expect(changed).toMatchObject({ strategy: "priority", max_attempts: null, fallbacks: ["spare"] });
  expect((await api.call("DELETE", path)).status).toBe(204);
  expect((await api.call("GET", path)).status).toBe(404);
  expect(currentSnapshot().aliases.has("team/fast")).toBe(false);
});

test("a simulation tells the order and the reasons, and calls nobody", async () => {
  await api.ok("POST", "/aliases", {
    name: "thrifty",
    strategy: "lowest_cost",
    members: [{ deployment: "dear" }, { deployment: "cheap" }],
    fallbacks: ["spare"],
  });

  const plan = await api.ok("POST", "/aliases/thrifty/simulate/", {});

  expect(plan.alias).toBe("thrifty");
  expect(plan.targets.map((target: { deployment: string }) => target.deployment)).toEqual([
    "cheap",
    "dear",
    "spare",
  ]);
  expect(plan.targets[0]).toMatchObject({ health: "closed", model: "cheap-model" });
  expect(plan.targets[0].reason).toContain("cost");
  expect(await api.ok("POST", "/aliases/thrifty/simulate")).toEqual(plan);
  const key = await api.ok("POST", "/keys", { user_email: "a@b.co", allowed_models: ["other"] });
  const refused = await api.call("POST", "/aliases/thrifty/simulate", { body: { key_id: key.id } });
  expect([refused.status, refused.body.error.code]).toEqual([404, "model_not_found"]);
});

test("a circle of fallbacks, an unknown name and a weightless choice are refused by field", async () => {
  const member = [{ deployment: "cheap" }];
  await api.ok("POST", "/aliases", { name: "one", members: member });
  await api.ok("POST", "/aliases", { name: "two", members: member, fallbacks: ["one"] });
  const patch = (body: unknown) => api.call("PATCH", "/aliases/one", { body });

  const circle = await patch({ fallbacks: ["two"] });
  const self = await patch({ fallbacks: ["one"] });
  const unknown = await patch({ fallbacks: ["nothing"] });
  const stranger = await patch({ members: [{ deployment: "nobody" }] });
  const twice = await patch({ members: [{ deployment: "cheap" }, { deployment: ids["cheap"] }] });
  const weightless = await patch({
    strategy: "weighted",
    members: [{ deployment: "cheap", weight: 0 }],
  });

  const told = [circle, self, unknown, stranger, twice, weightless].map(({ status, body }) => [
    status,
    body.error.param,
  ]);
  expect(told).toEqual([
    [400, "fallbacks[0]"],
    [400, "fallbacks[0]"],
    [400, "fallbacks[0]"],
    [400, "members[0].deployment"],
    [400, "members[1].deployment"],
    [400, "members"],
  ]);
  expect(await api.ok("GET", "/aliases/one")).toMatchObject({
    fallbacks: [],
    strategy: "priority",
  });
  expect(
    (await api.call("POST", "/aliases", { body: { name: "one", members: member } })).status,
  ).toBe(409);
});

test("no column of the table can be set that is not in the documented body", async () => {
  const documented = new Set(["name", "strategy", "max_attempts", "fallbacks", "timeout_ms"]);
  const columns = Object.entries(getTableColumns(aliases)).flatMap(([field, { name }]) => [
    field,
    name,
  ]);
  for (const name of columns.filter((column) => !documented.has(column))) {
    const body = { name: "mass", members: [{ deployment: "cheap" }], [name]: "x" };
    const reply = await api.call("POST", "/aliases", { body });
    expect([reply.status, reply.body.error.param], name).toEqual([400, name]);
  }
  const nested = await api.call("POST", "/aliases", {
    body: { name: "mass", members: [{ deployment: "cheap", alias_id: "x" }] },
  });
  expect([nested.status, nested.body.error.param]).toEqual([400, "members[0].alias_id"]);
});
