import { afterAll, beforeAll, expect, test } from "vitest";
import { isSetupComplete } from "#lib/auth/setup-token.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makeRecord } from "#lib/testing/records.ts";
import type { Actor } from "./actor.ts";
import { showFirstRequestOf } from "./first-request.ts";
import { createKeyToReveal } from "./key-reveal.ts";
import {
  createFirstAdmin,
  finishSetup,
  passProvider,
  saveOrganisation,
  showSetup,
} from "./setup.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

const visitor = { requestId: newId(), ip: "127.0.0.1", userAgent: "test" };
const person = (name: string) => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  password: "four random words here",
});
const organisation = {
  organisation_name: "Example",
  public_url: "https://llm.example.com",
  reporting_zone: "Asia/Kathmandu",
  payload_storage: "full",
} as const;

let admin: Actor;

test("of two tabs that make the first administrator at once, one does", async () => {
  expect(await showSetup(undefined)).toMatchObject({ reached: 1, admin_email: null });

  const outcomes = await Promise.allSettled([
    createFirstAdmin(visitor, person("One")),
    createFirstAdmin(visitor, person("Other")),
  ]);

  const made = outcomes.filter((outcome) => outcome.status === "fulfilled");
  expect(made).toHaveLength(1);
  expect(outcomes.find((outcome) => outcome.status === "rejected")).toMatchObject({
    reason: { code: "conflict" },
  });
  const admins = await getSql()`select id, email from users where role = 'admin'`;
  expect(admins).toHaveLength(1);
  const id = String(admins[0]?.["id"]);
  admin = {
    principal: {
      kind: "user",
      id,
      email: String(admins[0]?.["email"]),
      name: null,
      isAdmin: true,
      teams: [],
      sessionId: newId(),
      steppedUpUntil: null,
    },
    requestId: newId(),
    ip: null,
  };
});

test("a second administrator is not made later either", async () => {
  await expect(createFirstAdmin(visitor, person("Third"))).rejects.toMatchObject({
    code: "conflict",
  });
});

test("the steps are taken in order, and the first run goes on where it was left", async () => {
  expect(await showSetup(undefined)).toMatchObject({
    reached: 2,
    is_admin: false,
    admin_email: null,
    deployments: [],
  });
  expect((await showSetup(admin)).admin_email).toMatch(/@example\.com$/);
  await saveOrganisation(admin, organisation);
  expect(await showSetup(admin)).toMatchObject({ reached: 3, is_admin: true, organisation });
  expect(currentSettings().retention.payload_storage).toBe("full");
  await passProvider();
  expect((await showSetup(admin)).reached).toBe(4);
});

test("the first request of a key is told once it has come in, with what it cost", async () => {
  const key = await createKeyToReveal(admin, { alias: "First" });
  expect(await showFirstRequestOf(admin, key.id)).toEqual({ request: null });

  const id = newId();
  const record = makeRecord({ id, keyId: key.id, costNanos: 400_000n, latencyMs: 842 });
  await insertRecords(getSql(), `[${logRowOf(record)}]`);

  expect(await showFirstRequestOf(admin, key.id)).toMatchObject({
    request: { id, latency_ms: 842, cost_usd: "0.0004" },
  });
});

test("the end of the setup is for good, and open sessions cannot go back", async () => {
  expect(await isSetupComplete()).toBe(false);
  await finishSetup(admin);

  expect(await isSetupComplete()).toBe(true);
  for (const again of [
    () => createFirstAdmin(visitor, person("Late")),
    () => saveOrganisation(admin, organisation),
    () => passProvider(),
    () => finishSetup(admin),
  ]) {
    await expect(again()).rejects.toMatchObject({ status: 404 });
  }
});
