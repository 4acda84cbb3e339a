import { afterAll, beforeAll, expect, test } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { createApiKey, showApiKey } from "./api-keys.ts";
import { changeSettings } from "./settings.ts";

let api: AdminApi;
let team_id: string;
let admin: PersonActor;
let lead: PersonActor;
let member: PersonActor;

const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n;
const UNLIMITED = {
  budget_limit_usd: null,
  rate_limit_rpm: null,
  rate_limit_tpm: null,
  max_parallel: null,
};

beforeAll(async () => {
  api = await openAdminApi();
  team_id = (await api.ok("POST", "/teams", { name: "Search" })).id;
  admin = await makePerson({ role: "admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [team_id] });
  member = await makePerson({ role: "member", teamIds: [team_id] });
  await changeSettings(admin, "general", {
    default_key_budget_usd: "5",
    default_key_budget_period: "month",
    default_key_rate_limit_rpm: 10,
    default_key_rate_limit_tpm: 1000,
    default_key_max_parallel: 2,
  });
});
afterAll(() => api.close());

const own = (actor: PersonActor) => ({ user_email: actor.principal.email, team_id });

test("a member's null is no way around the default limits; who leads the team may lift them", async () => {
  const { id } = await createApiKey(member, { ...own(member), ...UNLIMITED });
  expect(await showApiKey(member, id)).toMatchObject({
    budget_limit_usd: "5",
    budget_period: "month",
    rate_limit_rpm: 10,
    rate_limit_tpm: 1000,
    max_parallel: 2,
  });
  for (const actor of [lead, admin]) {
    const made = await createApiKey(actor, { ...own(member), ...UNLIMITED });
    expect(await showApiKey(actor, made.id)).toMatchObject(UNLIMITED);
  }
});

test.each([
  ["budget_limit_usd", { budget_limit_usd: usd(6) }],
  ["budget_period", { budget_limit_usd: usd(5), budget_period: "day" }],
  ["rate_limit_rpm", { rate_limit_rpm: 11 }],
  ["rate_limit_tpm", { rate_limit_tpm: 1001 }],
  ["max_parallel", { max_parallel: 3 }],
] as const)("a member asks for no more than the default of %s", async (param, fields) => {
  await expect(createApiKey(member, { ...own(member), ...fields })).rejects.toMatchObject({
    code: "invalid_value",
    param,
  });
  await expect(createApiKey(lead, { ...own(lead), ...fields })).resolves.toBeDefined();
});

test("a member has a hundred living keys at most", async () => {
  const { id } = member.principal;
  await getSql()`insert into api_keys (id, user_id, team_id)
    select gen_random_uuid(), ${id}, ${team_id} from generate_series(1, 100)`;
  await expect(createApiKey(member, own(member))).rejects.toMatchObject({
    param: "user_email",
    message: expect.stringContaining("100"),
  });
  await getSql()`update api_keys set revoked_at = now() where user_id = ${id}`;
  await expect(createApiKey(member, own(member))).resolves.toBeDefined();
});
