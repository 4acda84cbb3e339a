import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticateKey } from "#lib/auth/api-key.ts";
import type { BudgetNode } from "#lib/contract/budget-tree.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { admit } from "#lib/limits/admit.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { createApiKey } from "./api-keys.ts";
import { removeBudget, setBudget } from "./budget-changes.ts";
import { showBudgetDetail } from "./budget-detail.ts";
import { raiseBudget, resetBudget } from "./budget-raise.ts";
import { showBudgetTree } from "./budget-tree.ts";
import { showBudgets } from "./budgets.ts";

let api: AdminApi;
let search: string;
let ads: string;
let admin: PersonActor;
let lead: PersonActor;
let member: PersonActor;
let own: { id: string; key: string };
let foreign: { id: string; key: string };

const usd = (dollars: number) => BigInt(dollars) * 1_000_000_000n;
const monthly = { budget_period: "month", soft_limit_percent: 80 } as const;
const organization = { subject: "organization", subject_id: ORGANIZATION_ID } as const;

beforeAll(async () => {
  api = await openAdminApi();
  search = (await api.ok("POST", "/teams", { name: "Search" })).id;
  ads = (await api.ok("POST", "/teams", { name: "Ads" })).id;
  admin = await makePerson({ role: "admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [search] });
  member = await makePerson({ role: "member", teamIds: [search] });
  const stranger = await makePerson({ role: "member", teamIds: [ads] });
  own = await createApiKey(admin, { user_email: member.principal.email, team_id: search });
  foreign = await createApiKey(admin, { user_email: stranger.principal.email, team_id: ads });
  const limits: ["team" | "user" | "key", string, number][] = [
    ["team", search, 40],
    ["team", ads, 40],
    ["user", member.principal.id, 30],
    ["key", own.id, 20],
    ["key", foreign.id, 20],
  ];
  for (const [subject, subject_id, dollars] of limits) {
    const terms = { subject, subject_id, budget_limit_usd: usd(dollars), ...monthly };
    await setBudget(admin, terms);
  }
});
afterAll(() => api.close());

/** A request through the limits: what the gateway does before it asks a provider. */
async function spend(key: string, nanos: bigint): Promise<void> {
  const caller = await authenticateKey({
    authorization: `Bearer ${key}`,
    apiKey: undefined,
    ip: null,
  });
  const requestId = newId();
  const admission = await admit({
    requestId,
    caller,
    estimateNanos: nanos,
    estimateTokens: 1,
    leaseMs: 60_000,
  });
  await admission.settle({ costNanos: nanos, tokens: 1 });
  const { keyId, userId, teamId } = caller;
  const reservation = admission.reservation;
  const record = makeRecord({
    id: requestId,
    keyId,
    userId,
    teamId,
    costNanos: nanos,
    reservation,
  });
  await insertRecords(getSql(), `[${logRowOf(record)}]`);
}

const has = (nodes: readonly BudgetNode[], level: string, id: string) =>
  nodes.some((node) => node.level === level && node.subject_id === id && node.budget !== null);

test("the tree and the list show the limits within reach, and no other's figures", async () => {
  const seen = async (actor: PersonActor) => {
    const { nodes } = await showBudgetTree(actor, {});
    const { budgets } = await showBudgets(actor, { limit: 200, offset: 0 });
    const wanted: [string, string][] = [
      ["team", search],
      ["team", ads],
      ["user", member.principal.id],
      ["key", own.id],
      ["key", foreign.id],
    ];
    const inTree = wanted.map(([level, id]) => has(nodes, level, id));
    const inList = wanted.map(([level, id]) =>
      budgets.some((budget) => budget.subject === level && budget.subject_id === id),
    );
    expect(inList).toEqual(inTree);
    return inTree;
  };

  expect(await seen(admin)).toEqual([true, true, true, true, true]);
  expect(await seen(lead)).toEqual([true, false, false, true, false]);
  expect(await seen(member)).toEqual([false, false, true, true, false]);
});

test("a limit out of reach is not there", async () => {
  await expect(showBudgetDetail(lead, { subject: "team", subject_id: ads })).rejects.toMatchObject({
    status: 404,
  });
  await expect(
    showBudgetDetail(member, { subject: "key", subject_id: foreign.id }),
  ).rejects.toMatchObject({ status: 404 });
  await expect(showBudgetDetail(lead, organization)).rejects.toMatchObject({ status: 404 });
  await expect(
    raiseBudget(lead, { subject: "key", subject_id: foreign.id, amount_usd: usd(1) }),
  ).rejects.toMatchObject({ status: 404 });
});

test("levels above a key are set, raised and reset by admins alone", async () => {
  const team = { subject: "team", subject_id: search } as const;

  await expect(
    setBudget(lead, { ...team, budget_limit_usd: usd(99), ...monthly }),
  ).rejects.toMatchObject({ status: 403 });
  await expect(raiseBudget(lead, { ...team, amount_usd: usd(1) })).rejects.toMatchObject({
    status: 403,
  });
  await expect(resetBudget(lead, { ...team, reason: "again" })).rejects.toMatchObject({
    status: 403,
  });
  await expect(removeBudget(member, organization)).rejects.toMatchObject({ status: 403 });
  await expect(
    raiseBudget(member, { subject: "key", subject_id: own.id, amount_usd: usd(1) }),
  ).rejects.toMatchObject({ status: 403 });
});

test("who leads a team gives its keys room, and not their own keys elsewhere", async () => {
  const both = await makePerson({ role: "team_admin", teamIds: [search] });
  const user_email = both.principal.email;
  const [led, elsewhere, alone] = await Promise.all(
    [search, ads, undefined].map((team_id) => createApiKey(admin, { user_email, team_id })),
  );
  const refOf = (key: { id: string } | undefined) =>
    ({ subject: "key", subject_id: key?.id ?? "" }) as const;
  for (const key of [led, elsewhere, alone]) {
    await setBudget(admin, { ...refOf(key), budget_limit_usd: usd(5), ...monthly });
  }
  for (const key of [elsewhere, alone]) {
    const ref = refOf(key);
    const asked = [
      () => raiseBudget(both, { ...ref, amount_usd: usd(1) }),
      () => setBudget(both, { ...ref, budget_limit_usd: usd(6), ...monthly }),
      () => removeBudget(both, ref),
      () => resetBudget(both, { ...ref, reason: "again" }),
    ];
    for (const ask of asked) {
      await expect(ask()).rejects.toMatchObject({ status: 403 });
    }
  }
  await expect(raiseBudget(both, { ...refOf(led), amount_usd: usd(1) })).resolves.toBeUndefined();
});

test("the organisation's limit refuses every key once it is spent", async () => {
  const [made, other] = await Promise.all(
    ["one@example.com", "two@example.com"].map((user_email) => createApiKey(admin, { user_email })),
  );
  await setBudget(admin, { ...organization, budget_limit_usd: usd(2), ...monthly });
  try {
    await spend(made?.key ?? "", usd(2));

    await expect(spend(other?.key ?? "", usd(1))).rejects.toMatchObject({
      status: 429,
      code: "budget_exceeded",
      message: expect.stringContaining("organization"),
    });
    const { budget } = await showBudgetDetail(admin, organization);
    expect(budget).toMatchObject({ spent_usd: "2", remaining_usd: "0", used_percent: 100 });
  } finally {
    await removeBudget(admin, organization);
  }
  await expect(spend(other?.key ?? "", usd(1))).resolves.toBeUndefined();
});

test("a raise gives room until the window ends, on top of the one before", async () => {
  const key = await createApiKey(admin, {
    user_email: "raise@example.com",
    budget_limit_usd: usd(1),
    budget_period: "month",
  });
  const ref = { subject: "key", subject_id: key.id } as const;
  await spend(key.key, usd(1));
  await expect(spend(key.key, usd(1))).rejects.toMatchObject({ status: 429 });

  await raiseBudget(admin, { ...ref, amount_usd: usd(1) });
  await raiseBudget(admin, { ...ref, amount_usd: usd(2) });

  await spend(key.key, usd(3));
  await expect(spend(key.key, usd(1))).rejects.toMatchObject({ status: 429 });
  const { budget, history } = await showBudgetDetail(admin, ref);
  expect(budget).toMatchObject({ limit_usd: "1", raise_usd: "3", spent_usd: "4" });
  expect(history.map(({ action }) => action)).toEqual([
    "budget.raise",
    "budget.raise",
    "api_key.create",
  ]);
  await getSql()`update budgets set raise_until = now() where subject_id = ${key.id}`;
  expect((await showBudgetDetail(admin, ref)).budget).toMatchObject({ raise_usd: null });
});

test("a total limit has no end to be raised until", async () => {
  const { id } = await createApiKey(admin, {
    user_email: "total@example.com",
    budget_limit_usd: usd(1),
  });
  await expect(
    raiseBudget(admin, { subject: "key", subject_id: id, amount_usd: usd(1) }),
  ).rejects.toMatchObject({ status: 400, param: "amount_usd" });
});

test("a reset lets a spent limit count from nothing, and says why", async () => {
  const key = await createApiKey(admin, {
    user_email: "reset@example.com",
    budget_limit_usd: usd(1),
    budget_period: "month",
  });
  const ref = { subject: "key", subject_id: key.id } as const;
  await spend(key.key, usd(1));
  await expect(spend(key.key, usd(1))).rejects.toMatchObject({ status: 429 });

  await resetBudget(admin, { ...ref, reason: "A test ran wild" });

  await spend(key.key, usd(1));
  const { budget, history } = await showBudgetDetail(admin, ref);
  expect(budget).toMatchObject({ spent_usd: "1" });
  expect(history[0]).toMatchObject({
    action: "budget.reset",
    after: { reason: "A test ran wild" },
  });
});

test("a filter leaves each matching limit once, the fullest first", async () => {
  const { nodes } = await showBudgetTree(admin, { level: ["key"] });
  expect(new Set(nodes.map(({ level }) => level))).toEqual(new Set(["key"]));
  const used = nodes.map(({ budget }) => budget?.used_percent ?? -1);
  expect(used).toEqual(used.toSorted((left, right) => right - left));
  const none = await showBudgetTree(admin, { condition: "none" });
  expect(none.nodes.every(({ budget }) => budget === null)).toBe(true);
});
