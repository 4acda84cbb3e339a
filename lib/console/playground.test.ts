import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { authenticateKey } from "#lib/auth/api-key.ts";
import { NO_PARAMETERS, type PlaygroundContent } from "#lib/contract/playground.ts";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { changeApiKey } from "./api-key-changes.ts";
import { showKeyList } from "./api-key-list.ts";
import { showApiKey, showApiKeys } from "./api-keys.ts";
import { showBudgetTree } from "./budget-tree.ts";
import { showBudgets } from "./budgets.ts";
import { saveSnapshot, showPlaygroundScopes, showSnapshot } from "./playground.ts";
import { grantPlayground, setPlaygroundBudget, showPlaygroundBudget } from "./playground-grant.ts";

let api: AdminApi;
let search: string;
let admin: PersonActor;
let member: PersonActor;
let loner: PersonActor;

beforeAll(async () => {
  api = await openAdminApi();
  search = (await api.ok("POST", "/teams", { name: "Search", allowed_models: ["fast"] })).id;
  admin = await makePerson({ role: "admin" });
  member = await makePerson({ role: "member", teamIds: [search] });
  loner = await makePerson({ role: "member" });
});
afterAll(() => api.close());

const call = (token: string) =>
  authenticateKey({ authorization: `Bearer ${token}`, apiKey: undefined, ip: null });
const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n;

test("a grant opens the gateway as its person, under a budget of its own", async () => {
  const grant = await grantPlayground(admin, { team_id: null });

  expect(grant.token).toMatch(/^cnd_pg_[0-9A-Za-z]{49}$/);
  expect(await call(grant.token)).toMatchObject({
    userId: admin.principal.id,
    teamId: null,
    tags: { source: "playground" },
    budgets: [{ subject: "key", limitNanos: usd(10), period: "month" }],
  });
});

test("a grant ends after ten minutes, and a new one leaves it alone until then", async () => {
  const first = await grantPlayground(loner, { team_id: null });
  const second = await grantPlayground(loner, { team_id: null });
  expect((await call(first.token)).keyId).toBe((await call(second.token)).keyId);

  vi.useFakeTimers({ now: Date.parse(first.expires_at) + 1, toFake: ["Date"] });
  try {
    await expect(call(first.token)).rejects.toMatchObject({
      code: "api_key_expired",
      message: expect.stringContaining("grant"),
    });
  } finally {
    vi.useRealTimers();
  }
});

test("on a team's account the team's models and limits hold, and nobody is there alone", async () => {
  const grant = await grantPlayground(member, { team_id: search });

  const caller = await call(grant.token);
  expect(caller.teamId).toBe(search);
  expect([...(caller.allowedModels ?? [])]).toEqual(["fast"]);
  await expect(grantPlayground(member, { team_id: null })).rejects.toMatchObject({
    param: "team_id",
  });
  await expect(grantPlayground(loner, { team_id: search })).rejects.toMatchObject({
    param: "team_id",
  });
  const names = (await showPlaygroundScopes(member)).map(({ team_id }) => team_id);
  expect(names).toEqual([search]);
});

test("a playground's key is in no list, and is nothing that anybody edits", async () => {
  const grant = await grantPlayground(admin, { team_id: null });
  const { keyId } = await call(grant.token);

  const { keys } = await showApiKeys(admin, { limit: 200, offset: 0, include_revoked: true });
  const list = await showKeyList(admin, { limit: 100, unused: false, expiring: false });
  const { budgets } = await showBudgets(admin, { limit: 200, offset: 0 });
  const { nodes } = await showBudgetTree(admin, {});
  const told = JSON.stringify([keys, list, budgets, nodes]);
  expect(told).not.toContain(keyId);
  await expect(showApiKey(admin, keyId)).rejects.toMatchObject({ status: 404 });
  await expect(changeApiKey(admin, keyId, { alias: "x" })).rejects.toMatchObject({ status: 404 });
  const [row] = await getSql()`select count(*)::int as grants from audit_events
    where action = 'playground.grant' and after::text like ${`%${grant.token}%`}`;
  expect(row?.["grants"]).toBe(0);
});

test("members lower what their playground may spend, admins set any amount", async () => {
  await expect(
    setPlaygroundBudget(loner, { team_id: null, budget_limit_usd: usd(3) }),
  ).resolves.toMatchObject({ limit_usd: "3", remaining_usd: "3" });
  await expect(
    setPlaygroundBudget(loner, { team_id: null, budget_limit_usd: usd(11) }),
  ).rejects.toMatchObject({ param: "budget_limit_usd" });
  await setPlaygroundBudget(admin, { team_id: null, budget_limit_usd: usd(50) });
  expect(await showPlaygroundBudget(admin, { team_id: null })).toMatchObject({ limit_usd: "50" });
});

test("a snapshot opens for who kept it and nobody else", async () => {
  const content: PlaygroundContent = {
    version: 1,
    system: "Be brief.",
    panels: [
      {
        model: "fast",
        system: null,
        parameters: { ...NO_PARAMETERS, temperature: 0.2 },
        turns: [{ role: "user", content: "Hello" }],
      },
    ],
  };
  const { id } = await saveSnapshot(member, content);

  expect(await showSnapshot(member, id)).toEqual(content);
  await expect(showSnapshot(admin, id)).rejects.toMatchObject({ status: 404 });
});

test("a hundred snapshots of a person are kept, the newest, and others' are left alone", async () => {
  const content: PlaygroundContent = {
    version: 1,
    system: "",
    panels: [{ model: "fast", system: null, parameters: NO_PARAMETERS, turns: [] }],
  };
  const foreign = await saveSnapshot(member, content);
  const ids: string[] = [];
  for (let at = 0; at < 101; at += 1) {
    ids.push((await saveSnapshot(loner, content)).id);
  }

  await expect(showSnapshot(loner, ids[0] ?? "")).rejects.toMatchObject({ status: 404 });
  await expect(showSnapshot(loner, ids[1] ?? "")).resolves.toEqual(content);
  await expect(showSnapshot(loner, ids[100] ?? "")).resolves.toEqual(content);
  await expect(showSnapshot(member, foreign.id)).resolves.toEqual(content);
});
