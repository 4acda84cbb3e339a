import { afterAll, beforeAll, expect, test } from "vitest";
import { insertBudget } from "#lib/db/budgets-list.ts";
import { getDb } from "#lib/db/client.ts";
import { recordJobEnd } from "#lib/db/jobs.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import { showAttention } from "./attention.ts";

let api: AdminApi;
let admin: PersonActor;
let lead: PersonActor;
let member: PersonActor;
let stranger: PersonActor;

beforeAll(async () => {
  api = await openAdminApi();
  const { id: teamId } = await makeTeam();
  admin = await makePerson({ role: "admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [teamId] });
  member = await makePerson({ role: "member", teamIds: [teamId] });
  stranger = await makePerson({ role: "member" });
  const own = { user_email: member.principal.email, team_id: teamId };
  const spent = await makeKey({ ...own, alias: "spent" });
  const roomy = await makeKey({ ...own, alias: "roomy" });
  await makeKey({ ...own, alias: "ending", expires_in_days: 3.5 });
  await makeKey({ ...own, alias: "lasting", expires_in_days: 30 });
  await makeBudget(spent, { spentNanos: 11_000_000_000n });
  await makeBudget(roomy, { spentNanos: 1_000_000_000n });
});

afterAll(() => api.close());

async function makeKey(key: {
  user_email: string;
  team_id: string;
  alias: string;
  expires_in_days?: number;
}): Promise<string> {
  return (await api.ok("POST", "/keys", key)).id;
}

async function makeBudget(keyId: string, { spentNanos }: { spentNanos: bigint }): Promise<void> {
  await insertBudget(getDb(), {
    id: newId(),
    subject: "key",
    subjectId: keyId,
    period: "total",
    limitNanos: 10_000_000_000n,
    softLimitPercent: 80,
    spentNanos,
    reservedNanos: 0n,
    raiseNanos: 0n,
    raiseUntil: null,
    windowStart: new Date(0),
  });
}

const titles = async (actor: PersonActor) => (await showAttention(actor)).map(({ title }) => title);

test("a spent budget and a key that ends soon are told to those they concern", async () => {
  const expected = ["Key spent is over its budget", "Key ending expires in 3 days"];

  expect(await titles(lead)).toEqual(expected);
  expect(await titles(member)).toEqual(expected);
  expect(await titles(stranger)).toEqual([]);
});

test("the gravest stands first, and each leads to one place", async () => {
  const [first, second] = await showAttention(member);

  expect(first).toMatchObject({ level: "danger", action: "Open budget" });
  expect(second).toMatchObject({ level: "warning", action: "Open key" });
  expect(second?.href).toMatch(/^\/keys\/[0-9a-f-]{36}$/);
});

test("what only an administrator can mend is told to no one else", async () => {
  const now = new Date();
  await recordJobEnd(getDb(), {
    name: "retention",
    startedAt: now,
    finishedAt: now,
    durationMs: 5,
    ok: false,
    result: "The disk is full.",
  });
  const deployment = { name: "only", provider: "mock", model_name: "mock-1" };
  await api.ok("POST", "/models/deployments", deployment);
  await api.ok("POST", "/aliases", { name: "lonely", members: [{ deployment: "only" }] });

  const told = await titles(admin);
  expect(told).toContain("Job Retention failed");
  expect(told).toContain("Alias lonely has no working backup");
  expect(await titles(lead)).toHaveLength(2);
});
