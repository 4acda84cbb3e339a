import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ApiKeyCreate } from "#lib/contract/api-key.ts";
import { getSql } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import type { Actor } from "./actor.ts";
import { changeApiKeys } from "./api-key-bulk.ts";
import { changeApiKey } from "./api-key-changes.ts";
import { endApiKey, endApiKeyGrace, rotateApiKey } from "./api-key-endings.ts";
import { showKeyList, showKeyUse } from "./api-key-list.ts";
import { createApiKey, showApiKey, showApiKeys } from "./api-keys.ts";
import { showKeyLevels, showNewKeyLevels } from "./limit-levels.ts";
import { changeSettings } from "./settings.ts";

let api: AdminApi;
let search: string;
let ads: string;
let admin: Actor;
let lead: Actor;
let member: Actor;
let stranger: Actor;

const emailOf = ({ principal }: Actor) => (principal.kind === "user" ? principal.email : "");
const idOf = ({ principal }: Actor) => (principal.kind === "user" ? principal.id : "");
const page = { limit: 50, offset: 0, include_revoked: false } as const;
const list = { limit: 50, unused: false, expiring: false } as const;
const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n;

async function makeKey(owner: Actor, fields: Partial<ApiKeyCreate> = {}): Promise<string> {
  const { id } = await createApiKey(admin, { user_email: emailOf(owner), ...fields });
  return id;
}

beforeAll(async () => {
  api = await openAdminApi();
  search = (await api.ok("POST", "/teams", { name: "Search" })).id;
  ads = (await api.ok("POST", "/teams", { name: "Ads" })).id;
  admin = await makePerson({ role: "admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [search] });
  member = await makePerson({ role: "member", teamIds: [search] });
  stranger = await makePerson({ role: "member", teamIds: [ads] });
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.ok("PATCH", `/teams/${search}`, {
    budget_limit_usd: null,
    rate_limit_rpm: null,
    allowed_models: null,
  });
});

test(`${threat("T7")}: a list holds what is within reach: all, the led team's with one's own, one's own`, async () => {
  const own = await makeKey(member, { team_id: search });
  const led = await makeKey(lead);
  const foreign = await makeKey(stranger, { team_id: ads });

  const seen = async (actor: Actor) => {
    const { keys } = await showApiKeys(actor, page);
    const { keys: rows } = await showKeyList(actor, list);
    expect(rows.map(({ id }) => id).sort()).toEqual(keys.map(({ id }) => id).sort());
    return [own, led, foreign].map((id) => keys.some((key) => key.id === id));
  };

  expect(await seen(admin)).toEqual([true, true, true]);
  expect(await seen(lead)).toEqual([true, true, false]);
  expect(await seen(member)).toEqual([true, false, false]);
  expect(await seen(stranger)).toEqual([false, false, true]);
});

test(`${threat("T7")}: a key out of reach is not there, whatever is asked of it`, async () => {
  const foreign = await makeKey(stranger, { team_id: ads });

  for (const actor of [member, lead]) {
    const asked = [
      () => showApiKey(actor, foreign),
      () => showKeyUse(actor, foreign),
      () => showKeyLevels(actor, foreign),
      () => changeApiKey(actor, foreign, { alias: "mine" }),
      () => rotateApiKey(actor, foreign, { grace_seconds: 0 }),
      () => endApiKeyGrace(actor, foreign),
      () => endApiKey(actor, foreign),
    ];
    for (const ask of asked) {
      await expect(ask(), `${ask}`).rejects.toMatchObject({ status: 404 });
    }
    const bulk = await changeApiKeys(actor, { ids: [foreign], action: "revoke" });
    expect(bulk).toMatchObject({ done: [], refused: [{ id: foreign }] });
  }
  expect(await showApiKey(stranger, foreign)).toMatchObject({ alias: null, status: "active" });
});

test(`${threat("T7")}: the id of a key that nobody has is answered like that of somebody else's`, async () => {
  const foreign = await makeKey(stranger, { team_id: ads });
  const messageOf = (id: string) => showApiKey(member, id).catch((error: Error) => error.message);

  expect(await messageOf(foreign)).toBe(await messageOf(newId()));
});

test("members make keys for themselves only, in a team of their own", async () => {
  const own = { user_email: emailOf(member), team_id: search };

  await expect(createApiKey(member, own)).resolves.toMatchObject({ key: expect.any(String) });
  await expect(
    createApiKey(member, { ...own, user_email: emailOf(stranger) }),
  ).rejects.toMatchObject({ param: "user_email" });
  await expect(
    createApiKey(member, { ...own, user_email: "nobody@example.com" }),
  ).rejects.toMatchObject({ param: "user_email" });
  await expect(createApiKey(member, { ...own, team_id: ads })).rejects.toMatchObject({
    param: "team_id",
  });
  await expect(createApiKey(member, { user_email: own.user_email })).rejects.toMatchObject({
    param: "team_id",
  });
  const [row] = await getSql()`select 1 from users where email = 'nobody@example.com'`;
  expect(row).toBeUndefined();
});

test(`${threat("T7")}: who leads a team makes keys for its members, and for nobody else`, async () => {
  await expect(
    createApiKey(lead, { user_email: emailOf(member), team_id: search }),
  ).resolves.toBeDefined();
  await expect(
    createApiKey(lead, { user_email: emailOf(stranger), team_id: search }),
  ).rejects.toMatchObject({ param: "user_email" });
  await expect(
    createApiKey(lead, { user_email: emailOf(member), team_id: ads }),
  ).rejects.toMatchObject({ status: 400 });
});

test("switched off, self-service stops members and not those who lead", async () => {
  await changeSettings(admin, "general", { self_service_keys: false });
  try {
    await expect(
      createApiKey(member, { user_email: emailOf(member), team_id: search }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(
      createApiKey(lead, { user_email: emailOf(lead), team_id: search }),
    ).resolves.toBeDefined();
  } finally {
    await changeSettings(admin, "general", { self_service_keys: true });
  }
});

test.each([
  ["raise its budget", { budget_limit_usd: usd(11) }],
  ["take its budget away", { budget_limit_usd: null }],
  ["let its budget start anew more often", { budget_period: "day" }],
  ["raise its requests per minute", { rate_limit_rpm: 11 }],
  ["take its requests per minute away", { rate_limit_rpm: null }],
  ["take its tokens per minute away", { rate_limit_tpm: null }],
  ["raise its requests at a time", { max_parallel: 3 }],
  ["allow every model", { allowed_models: null }],
  ["allow one more model", { allowed_models: ["a", "b", "c"] }],
  ["allow every network", { allowed_cidrs: null }],
  ["let it live on", { expires_at: null }],
  ["let it live longer", { expires_in_days: 300 }],
  ["take it out of its team", { team_id: null }],
] as const)("the owner of a key cannot %s", async (_, edit) => {
  const id = await makeKey(member, LIMITED());

  const change = changeApiKey(member, id, edit as Parameters<typeof changeApiKey>[2]);

  await expect(change).rejects.toMatchObject({
    param: Object.keys(edit)[0]?.replace("expires_in_days", "expires_at"),
  });
  const { keys } = await showApiKeys(admin, { ...page, user_id: idOf(member) });
  expect(keys.find((key) => key.id === id)).toMatchObject({
    budget_limit_usd: "10",
    rate_limit_rpm: 10,
    team_id: search,
  });
});

const LIMITED = (): Partial<ApiKeyCreate> => ({
  team_id: search,
  budget_limit_usd: usd(10),
  budget_period: "month",
  rate_limit_rpm: 10,
  rate_limit_tpm: 1000,
  max_parallel: 2,
  allowed_models: ["a", "b"],
  allowed_cidrs: ["10.0.0.0/8"],
  expires_in_days: 30,
});

test("the owner of a key can tighten every limit, and name one that was missing", async () => {
  const limited = await makeKey(member, LIMITED());
  const free = await makeKey(member, { team_id: search });
  const tight = {
    budget_limit_usd: usd(5),
    rate_limit_rpm: 5,
    rate_limit_tpm: 10,
    max_parallel: 1,
    allowed_models: ["a"],
    allowed_cidrs: ["10.0.0.0/8"],
    expires_in_days: 3,
  };

  for (const id of [limited, free]) {
    const changed = await changeApiKey(member, id, tight);
    expect(changed).toMatchObject({ budget_limit_usd: "5", rate_limit_rpm: 5, max_parallel: 1 });
  }
});

test("who leads a team loosens its keys' limits up to the team's own", async () => {
  await api.ok("PATCH", `/teams/${search}`, {
    budget_limit_usd: "20",
    budget_period: "month",
    rate_limit_rpm: 100,
  });
  const id = await makeKey(member, LIMITED());

  await expect(
    changeApiKey(lead, id, { budget_limit_usd: usd(20), rate_limit_rpm: 100 }),
  ).resolves.toMatchObject({ budget_limit_usd: "20", rate_limit_rpm: 100 });
  await expect(changeApiKey(lead, id, { budget_limit_usd: usd(21) })).rejects.toMatchObject({
    param: "budget_limit_usd",
  });
  await expect(changeApiKey(lead, id, { rate_limit_rpm: 101 })).rejects.toMatchObject({
    param: "rate_limit_rpm",
  });
  await expect(
    createApiKey(member, { user_email: emailOf(member), team_id: search, rate_limit_rpm: 101 }),
  ).rejects.toMatchObject({ param: "rate_limit_rpm" });
});

test("a key that an admin switched off is not switched on by its owner, but an own one is", async () => {
  const id = await makeKey(member, { team_id: search });
  await changeApiKey(member, id, { is_active: false });
  await changeApiKey(member, id, { is_active: true });
  await changeApiKey(admin, id, { is_active: false });

  await expect(changeApiKey(member, id, { is_active: true })).rejects.toMatchObject({
    status: 403,
  });
  await expect(changeApiKey(lead, id, { is_active: true })).resolves.toMatchObject({
    is_active: true,
  });
});

test("an edit of an older version is refused with what the key is now", async () => {
  const id = await makeKey(member, { team_id: search });
  const { version } = await showApiKey(admin, id);
  await changeApiKey(admin, id, { alias: "first", expected_version: version });

  const late = changeApiKey(member, id, { alias: "second", expected_version: version });

  await expect(late).rejects.toMatchObject({
    status: 409,
    current: { alias: "first", changed_by: emailOf(admin) },
  });
});

test(`${threat("T15")}: no list, page or event holds a secret or its digest`, async () => {
  const made = await createApiKey(admin, { user_email: emailOf(member), team_id: search });
  const rotated = await rotateApiKey(member, made.id, { grace_seconds: 60 });

  const told = JSON.stringify([
    await showApiKeys(admin, page),
    await showKeyList(admin, list),
    await showApiKey(member, made.id),
    await getSql()`select before, after from audit_events`,
  ]);

  for (const secret of [made.key, rotated.key]) {
    expect(told).not.toContain(secret);
    expect(told).not.toContain(secret.slice(10, -4));
  }
  expect(told).not.toMatch(/digest/i);
});

test("the limits of a new key are told to those who could make it", async () => {
  await api.ok("PATCH", `/teams/${search}`, { budget_limit_usd: "20", budget_period: "month" });
  const wanted = { ownerId: idOf(member), teamId: search };

  await expect(showNewKeyLevels(lead, wanted)).resolves.toMatchObject({
    levels: [{ subject: "team", name: "Search", remaining_usd: "20" }],
  });
  await expect(showNewKeyLevels(stranger, wanted)).rejects.toMatchObject({ status: 404 });
});
