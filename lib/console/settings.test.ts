import { afterAll, beforeAll, expect, test } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { currentSettings, refreshSettings } from "#lib/db/settings.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { isAdmitted } from "./console-networks.ts";
import { changeSettings, publicUrl, reportingZone } from "./settings.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

test("a section has its defaults until it is saved, and then what was saved", async () => {
  expect(await api.ok("GET", "/settings/retention")).toEqual({
    section: "retention",
    version: 1,
    updated_at: null,
    values: { payload_storage: "metadata", payload_days: 30, log_days: 180 },
    locked: [],
  });

  await api.ok("PATCH", "/settings/retention", { payload_days: 7 });

  expect(await api.ok("GET", "/settings/retention")).toMatchObject({
    version: 2,
    updated_at: expect.stringMatching(/Z$/),
    values: { payload_storage: "metadata", payload_days: 7, log_days: 180 },
  });
});

test("a change holds in this process before it is answered, and leaves one event", async () => {
  const before = await api.marks();
  await api.ok("PATCH", "/settings/general", {
    reporting_zone: "Asia/Kathmandu",
    public_url: "https://llm.example.com/",
  });

  expect(reportingZone()).toBe("Asia/Kathmandu");
  expect(publicUrl()).toBe("https://llm.example.com");
  expect(await api.marks()).toEqual({ events: before.events + 1, version: before.version + 1 });
  const { events } = await api.ok("GET", "/audit?target_type=settings&limit=1");
  expect(events).toMatchObject([
    {
      action: "settings.update",
      target_id: "general",
      before: { reporting_zone: "UTC", public_url: null },
      after: { reporting_zone: "Asia/Kathmandu", public_url: "https://llm.example.com" },
    },
  ]);
});

test("an edit of an older version is refused with the present values", async () => {
  const { version } = await api.ok("GET", "/settings/general");
  await api.ok("PATCH", "/settings/general", { banner: "Staging", expected_version: version });

  const stale = await api.call("PATCH", "/settings/general", {
    body: { banner: "Production", expected_version: version },
  });

  expect(stale.status).toBe(409);
  expect(stale.body.error).toMatchObject({ code: "conflict", param: "expected_version" });
  expect(currentSettings().general.banner).toBe("Staging");
});

test.each([
  ["general", { reporting_zone: "Mars/Olympus" }, "reporting_zone"],
  ["general", { public_url: "ftp://example.com" }, "public_url"],
  ["general", { default_key_budget_usd: "-1" }, "default_key_budget_usd"],
  ["general", { nonsense: 1 }, "nonsense"],
  ["retention", { payload_days: 0 }, "payload_days"],
  ["retention", { payload_storage: "redacted" }, "payload_storage"],
  ["security", { console_networks: ["not a network"] }, "console_networks[0]"],
  ["security", {}, null],
])("a wrong field of %s is refused by name: %j", async (section, body, param) => {
  const before = await api.marks();
  const reply = await api.call("PATCH", `/settings/${section}`, { body });
  expect(reply.status).toBe(400);
  expect(reply.body.error.param).toBe(param);
  expect(await api.marks()).toEqual(before);
});

test("the environment's public address wins, is shown as locked, and cannot be edited", async () => {
  const other = await openLocked();
  const shown = await other.ok("GET", "/settings/general");
  expect(shown.locked).toEqual(["public_url"]);
  expect(publicUrl()).toBe("https://env.example.com");
  const reply = await other.call("PATCH", "/settings/general", {
    body: { public_url: "https://other.example.com" },
  });
  expect(reply.status).toBe(400);
  expect(reply.body.error).toMatchObject({ param: "public_url" });
});

async function openLocked(): Promise<AdminApi> {
  await api.close();
  api = await openAdminApi({ CONDUIT_PUBLIC_URL: "https://env.example.com/" });
  await refreshSettings();
  return api;
}

const PERSON = {
  kind: "user",
  id: newId(),
  email: "admin@example.com",
  name: null,
  isAdmin: true,
  teams: [],
  sessionId: newId(),
  steppedUpUntil: null,
} as const;

test("console networks that would shut out the person who sets them are refused", async () => {
  const actor = { principal: PERSON, ip: "203.0.113.9", requestId: newId() };
  const change = (networks: string[]) =>
    changeSettings(actor, "security", { console_networks: networks });

  await expect(change(["198.51.100.0/24"])).rejects.toMatchObject({
    code: "invalid_value",
    param: "console_networks",
  });
  expect(isAdmitted("192.0.2.1")).toBe(true);

  await change(["203.0.113.0/24", "2001:db8::/32"]);
  expect(isAdmitted("203.0.113.200")).toBe(true);
  expect(isAdmitted("2001:db8::1")).toBe(true);
  expect(isAdmitted("198.51.100.7")).toBe(false);
  expect(isAdmitted(null)).toBe(false);
});

test("a member can neither see nor change settings, and a token only with the scope", async () => {
  const member = { principal: { ...PERSON, isAdmin: false }, ip: null, requestId: newId() };
  await expect(changeSettings(member, "general", { banner: "x" })).rejects.toMatchObject({
    status: 403,
  });
  const token = await api.ok("POST", "/tokens", { name: "t", scopes: ["setting.read"] });
  const read = await api.call("GET", "/settings/security", { token: token.token });
  expect(read.status).toBe(200);
  const write = await api.call("PATCH", "/settings/retention", {
    body: { log_days: 1 },
    token: token.token,
  });
  expect(write.status).toBe(403);
});

test("stored settings that cannot be read leave the defaults in force", async () => {
  await getSql()`
    insert into settings (key, value) values ('retention', ${'{"version":4,"values":{"log_days":"soon"}}'}::text::jsonb)
    on conflict (key) do update set value = excluded.value`;
  expect((await refreshSettings()).retention.log_days).toBe(180);
});
