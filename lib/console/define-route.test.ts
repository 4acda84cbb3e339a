import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

const key = { user_email: "a@example.com" };

test("every answer carries its request id and is kept by nobody", async () => {
  for (const reply of [
    await api.call("GET", "/keys"),
    await api.call("GET", "/keys", { token: null }),
    await api.call("GET", "/nowhere"),
  ]) {
    expect(reply.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers.get("cache-control")).toBe("no-store");
  }
});

test("a missing, a wrong and a virtual key are 401 in OpenAI's shape", async () => {
  const made = await api.ok("POST", "/keys", key);
  for (const token of [null, "wrong", `cnd_ad_${"0".repeat(49)}`, made.key]) {
    const reply = await api.call("GET", "/keys", { token });
    expect(reply.status).toBe(401);
    expect(Object.keys(reply.body.error)).toEqual(["message", "type", "param", "code"]);
    expect(reply.headers.get("x-should-retry")).toBe("false");
  }
});

test("a body that is not JSON is refused by its content type before it is read", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const reply = await api.call("POST", "/keys", {
      body: JSON.stringify(key),
      headers: { "content-type": type },
    });
    expect([reply.status, reply.body.error.code]).toEqual([415, "unsupported_media_type"]);
  }
  const zipped = await api.call("POST", "/keys", {
    body: "x",
    headers: { "content-encoding": "gzip" },
  });
  expect(zipped.status).toBe(415);
  const charset = await api.call("POST", "/keys", {
    body: key,
    headers: { "content-type": "application/json; charset=utf-8" },
  });
  expect(charset.status).toBe(201);
});

test.each(["{", "[1]", '"text"', "null", "1", '{"user_email":}'])(
  "a body that is no JSON object is 400: %s",
  async (body) => {
    expect((await api.call("POST", "/keys", { body })).status).toBe(400);
  },
);

test.each([
  ["deeper than 64 levels", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`],
  ["as deep as 1 MiB allows", `{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}`],
  ["of 50,001 keys", JSON.stringify({ a: Array.from({ length: 50_000 }, () => ({ b: 0 })) })],
])("a body %s is 400, and its values are not walked", async (_, body) => {
  const reply = await api.call("POST", "/keys", { body });

  expect([reply.status, reply.body.error.code]).toEqual([400, "body_too_deep"]);
});

test("a body past 1 MiB is 413, whether it announces its length or not", async () => {
  const body = JSON.stringify({ ...key, alias: "x".repeat(1024 * 1024) });

  const announced = await api.call("POST", "/keys", {
    body,
    headers: { "content-length": String(body.length) },
  });
  const counted = await api.call("POST", "/keys", { body });

  expect([announced.status, counted.status]).toEqual([413, 413]);
});

test.each([
  "/keys/nonsense",
  `/keys/${newId()}`,
  "/keys/%00",
  "/aliases/100%25",
  `/users/${newId()}`,
  "/teams/1",
  "/models/deployments/1%27%20or%201=1",
  "/aliases/nothing",
  "/aliases/a%00b",
  "/logs/00000000-0000-4000-8000-000000000000",
  "/logs/ffffffff-ffff-7fff-bfff-ffffffffffff",
  `/logs/${newId()}`,
])("a path that names nothing is 404: %s", async (path) => {
  const reply = await api.call("GET", path);

  expect([reply.status, reply.body.error.code]).toEqual([404, "not_found"]);
});

test("an unknown path and a wrong method answer in OpenAI's shape too", async () => {
  const unknown = await api.call("POST", "/guardrails/nothing", { body: {} });
  const method = await api.call("PUT", "/keys", { body: {} });

  expect([unknown.status, unknown.body.error.code]).toEqual([404, "unknown_url"]);
  expect([method.status, method.body.error.code]).toEqual([405, "method_not_allowed"]);
  expect(method.headers.get("allow")).toBe("GET, POST");
});

test(`${threat("T15")}: a failure inside tells the caller nothing of it`, async () => {
  const { getSql } = await import("#lib/db/client.ts");
  await getSql()`alter table aliases rename to aliases_away`;

  const reply = await api.call("GET", "/aliases");

  await getSql()`alter table aliases_away rename to aliases`;
  expect([reply.status, reply.body.error.code]).toEqual([500, "internal_error"]);
  expect(JSON.stringify(reply.body)).not.toMatch(/aliases|select|relation/i);
});

test("probes answer without a key", async () => {
  const live = await api.call("GET", "/health/live/", { token: null });
  const ready = await api.call("GET", "/health/ready", { token: null });

  expect([live.status, live.body]).toEqual([200, { status: "ok" }]);
  expect([ready.status, ready.body]).toEqual([
    200,
    { status: "ok", database: "ok", redis: "not_configured" },
  ]);
});
