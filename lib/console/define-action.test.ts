import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { FIELD_ACTIONS } from "#lib/catalog/roles.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { refreshSettings, saveSection } from "#lib/db/settings.ts";
import { updateUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { type FakeBrowser, openFakeBrowser } from "#lib/testing/fake-browser.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { answerAuth } from "./auth-route.ts";
import { defineAction, definePublicAction } from "./define-action.ts";
import { defineIsland } from "./define-island.ts";

vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders);

let world: ConsoleWorld;
let browser: FakeBrowser;
let admin: PersonActor;
let member: PersonActor;

beforeAll(async () => {
  world = await openConsoleWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  browser = openFakeBrowser();
  admin = await makePerson({ role: "admin" });
  member = await makePerson({ role: "member" });
});

const rename = defineAction({
  can: "team.update",
  input: z.strictObject({
    name: z.string().min(2),
    members: z.array(z.object({ weight: z.int() })).optional(),
  }),
  run: async ({ actor, input }) => `${actor.principal.email}: ${input.name}`,
});

test("an action runs for whoever may take it, as themselves", async () => {
  await browser.signIn(admin);
  expect(await rename({ name: "Research" })).toEqual({
    ok: true,
    value: `${admin.principal.email}: Research`,
  });
});

test("a guest is told to sign in, a role without the action that it lacks it", async () => {
  expect(await rename({ name: "Research" })).toMatchObject({ ok: false, code: "unauthenticated" });
  await browser.signIn(member);
  expect(await rename({ name: "Research" })).toMatchObject({
    ok: false,
    code: "permission_denied",
    formError: "Your role does not allow team.update.",
  });
});

test.each([
  ["no origin", { origin: null }],
  ["an opaque origin", { origin: "null" }],
  ["another site", { origin: "https://evil.example" }],
  ["another port of this host", { origin: "http://console.example:9999" }],
  ["a host that ends like ours", { origin: "http://evil-console.example:8000" }],
  ["a neighbouring subdomain", { "sec-fetch-site": "same-site" }],
  ["a foreign page", { "sec-fetch-site": "cross-site" }],
])(`${threat("T20")}: a call from %s changes nothing`, async (_, sent) => {
  await browser.signIn(admin);
  browser.send(sent);
  const run = vi.fn(async () => 1);
  const action = defineAction({ can: "team.update", input: z.unknown(), run });
  expect(await action({})).toMatchObject({ ok: false, code: "permission_denied" });
  expect(await definePublicAction({ input: z.unknown(), run })({})).toMatchObject({ ok: false });
  expect(run).not.toHaveBeenCalled();
});

test(`${threat("T20")}: behind a proxy that changes Host the public URL is what the origin is held against`, async () => {
  process.env["CONDUIT_PUBLIC_URL"] = "http://llm.example.com/console";
  dropSingleton("env");
  await browser.signIn(admin);
  browser.send({ origin: "http://llm.example.com", host: "10.0.0.5:8000" });
  expect(await rename({ name: "Research" })).toMatchObject({ ok: true });
  delete process.env["CONDUIT_PUBLIC_URL"];
  dropSingleton("env");
  expect(await rename({ name: "Research" })).toMatchObject({ ok: false });
});

test("wrong input is told field by field, by dotted path", async () => {
  await browser.signIn(admin);
  expect(await rename({ name: "R", members: [{ weight: 1 }, { weight: "2" }] })).toMatchObject({
    ok: false,
    code: "invalid_value",
    formError: null,
    fieldErrors: {
      name: expect.stringMatching(/^Must|^Is|^Too/),
      "members.1.weight": "Has to be a number.",
    },
  });
  expect(await rename({})).toMatchObject({ fieldErrors: { name: "This field is required." } });
  expect(await rename({ name: "Research", colour: "red" })).toMatchObject({
    fieldErrors: { colour: "Is not a known field here." },
  });
  expect(await rename("nonsense")).toMatchObject({ ok: false, formError: expect.any(String) });
});

test("text that no database can hold is refused before anything is done with it", async () => {
  await browser.signIn(admin);
  expect(await rename({ name: "Rese\0arch" })).toMatchObject({
    ok: false,
    fieldErrors: { name: expect.stringContaining("no text") },
  });
});

function sharedTree(levels: number): unknown {
  let node: unknown = "x";
  for (let at = 0; at < levels; at += 1) {
    node = { left: node, right: node };
  }
  return node;
}

function circle(): unknown {
  const node: Record<string, unknown> = {};
  node["self"] = node;
  return node;
}

test.each([
  ["unfolds to a million million values", sharedTree(40)],
  ["holds itself", circle()],
  ["holds one long text very often", Array(50).fill("x".repeat(100_000))],
  ["hides values in a map", new Map([["name", sharedTree(40)]])],
])("input that %s is refused at once, from guests and from people", async (_, name) => {
  const run = vi.fn(async () => 1);
  const input = z.object({ name: z.json() });
  const refusal = { ok: false, code: "invalid_value" };
  expect(await definePublicAction({ input, run })({ name })).toMatchObject(refusal);
  await browser.signIn(admin);
  expect(await defineAction({ can: "team.update", input, run })({ name })).toMatchObject(refusal);
  expect(run).not.toHaveBeenCalled();
});

test("an object that a form holds twice is taken both times", async () => {
  const panel = { model: "fast" };
  const take = definePublicAction({ input: z.json(), run: async ({ input }) => input });
  expect(await take([panel, panel])).toEqual({ ok: true, value: [panel, panel] });
});

test("a field may need more than the action does", async () => {
  const lead = await makePerson({ role: "team_admin" });
  await browser.signIn(lead);
  const action = defineAction({
    can: "team.update",
    fields: FIELD_ACTIONS.team,
    input: z.object({ budget_limit_usd: z.string().optional() }),
    run: async () => 1,
  });
  expect(await action({})).toMatchObject({ ok: true });
  expect(await action({ budget_limit_usd: "1000000" })).toMatchObject({
    ok: false,
    code: "permission_denied",
    fieldErrors: { budget_limit_usd: expect.any(String) },
  });
});

test("a refusal keeps its code, field and what is stored now; an accident tells nothing", async () => {
  await browser.signIn(admin);
  const refuse = defineAction({
    can: "team.update",
    input: z.unknown(),
    run: () =>
      Promise.reject(
        new ConduitError("conflict", {
          message: "It was changed.",
          param: "members[0].weight",
          current: { version: 3 },
        }),
      ),
  });
  expect(await refuse({})).toMatchObject({
    ok: false,
    code: "conflict",
    formError: "It was changed.",
    fieldErrors: { "members.0.weight": "It was changed." },
    current: { version: 3 },
  });
  const fail = defineAction({
    can: "team.update",
    input: z.unknown(),
    run: () => Promise.reject(new Error("password=hunter2 at 10.0.0.1")),
  });
  const failure = await fail({});
  expect(failure).toMatchObject({ ok: false, code: "internal_error" });
  expect(JSON.stringify(failure)).not.toMatch(/hunter2|10\.0\.0\.1/);
  if (!failure.ok) {
    expect(failure.formError).toContain(failure.requestId);
  }
});

test("what needs a fresh proof of identity says so, and only then", async () => {
  const action = defineAction({
    can: "sso.set",
    stepUp: true,
    input: z.unknown(),
    run: async () => 1,
  });
  await browser.signIn(admin);
  expect(await action({})).toMatchObject({ ok: true });
  await getSql()`update sessions set stepped_up_until = now() - interval '1 second'`;
  expect(await action({})).toMatchObject({ ok: false, code: "step_up_required" });
  await browser.signIn(member);
  expect(await action({})).toMatchObject({ ok: false, code: "permission_denied" });
});

test("an action may need a fresh proof for some inputs only, and an island for its answer", async () => {
  const action = defineAction({
    can: "team.update",
    stepUp: ({ role }) => role === "admin",
    input: z.strictObject({ role: z.enum(["admin", "member"]) }),
    run: async () => 1,
  });
  const guarded = defineIsland({ can: "audit.export", stepUp: true, run: async () => ({}) });
  const fetchGuarded = () =>
    guarded(new Request("http://console.example:8000/api/console/x"), {
      params: Promise.resolve({}),
    });
  await browser.signIn(admin);
  expect(await action({ role: "admin" })).toMatchObject({ ok: true });
  expect((await fetchGuarded()).status).toBe(200);
  await getSql()`update sessions set stepped_up_until = now() - interval '1 second'`;
  expect(await action({ role: "admin" })).toMatchObject({ ok: false, code: "step_up_required" });
  expect(await action({ role: "member" })).toMatchObject({ ok: true });
  const refused = await fetchGuarded();
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ error: { code: "step_up_required" } });
});

test(`${threat("T18")}: a suspended person and a revoked session are out at the next click`, async () => {
  await browser.signIn(admin);
  expect(await rename({ name: "Research" })).toMatchObject({ ok: true });
  await updateUser(getDb(), { id: admin.principal.id, suspendedAt: new Date() });
  expect(await rename({ name: "Research" })).toMatchObject({ ok: false, code: "unauthenticated" });
  await updateUser(getDb(), { id: admin.principal.id, suspendedAt: null });
  expect(await rename({ name: "Research" })).toMatchObject({ ok: true });
  await getSql()`update sessions set revoked_at = now()`;
  expect(await rename({ name: "Research" })).toMatchObject({ ok: false, code: "unauthenticated" });
});

test(`${threat("T19")}: a cookie that was altered, or sealed under another secret, signs nobody in`, async () => {
  await browser.signIn(admin);
  const cookie = browser.cookie("conduit.sid") ?? "";
  for (const wrong of ["", "x", `${cookie}x`, cookie.slice(0, -8), await browser.forge(admin)]) {
    browser.setCookie("conduit.sid", wrong);
    expect(await rename({ name: "Research" })).toMatchObject({
      ok: false,
      code: "unauthenticated",
    });
  }
  browser.setCookie("conduit.sid", cookie);
  expect(await rename({ name: "Research" })).toMatchObject({ ok: true });
});

test("the console's networks shut everybody else out", async () => {
  await browser.signIn(admin);
  const values = { session_hours: 12, idle_minutes: 60, console_networks: ["10.0.0.0/8"] };
  await saveSection(getDb(), { section: "security", values, version: 2 });
  await refreshSettings();
  const open = definePublicAction({ input: z.unknown(), run: async () => 1 });
  const door = async (ip: string) =>
    await answerAuth(
      new Request("http://console.example:8000/api/auth/csrf", {
        headers: { "x-conduit-client-ip": ip },
      }),
      { params: Promise.resolve({ nextauth: ["csrf"] }) },
    );
  expect(await rename({ name: "Research" })).toMatchObject({ ok: false, code: "unauthenticated" });
  expect(await open({})).toMatchObject({ ok: false, code: "permission_denied" });
  expect((await door("192.0.2.7")).status).toBe(403);
  browser.send({ "x-conduit-client-ip": "10.1.2.3" });
  expect(await rename({ name: "Research" })).toMatchObject({ ok: true });
  expect(await open({})).toMatchObject({ ok: true });
  expect((await door("10.1.2.3")).status).toBe(200);
  await getSql()`delete from settings where key = 'security'`;
  await refreshSettings();
});

const island = defineIsland({
  can: "audit.verify",
  query: z.strictObject({ limit: z.coerce.number().int().optional() }),
  params: z.object({ id: z.uuid() }),
  run: async ({ actor, query, params }) => ({ email: actor.principal.email, ...query, ...params }),
});
const ID = "01900000-0000-7000-8000-000000000000";

function ask(init: RequestInit & { query?: string; id?: string } = {}) {
  const { query = "", id = ID, ...rest } = init;
  return island(new Request(`http://console.example:8000/api/console/x${query}`, rest), {
    params: Promise.resolve({ id }),
  });
}

test("an island answers its viewer in JSON that nobody keeps", async () => {
  await browser.signIn(admin);
  const reply = await ask({ query: "?limit=5" });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("cache-control")).toBe("no-store");
  expect(await reply.json()).toEqual({ email: admin.principal.email, limit: 5, id: ID });
});

test("an island refuses guests, roles, addresses and queries in the API's error shape", async () => {
  expect((await ask()).status).toBe(401);
  expect(await (await ask()).json()).toMatchObject({ error: { code: "unauthenticated" } });
  await browser.signIn(member);
  expect((await ask()).status).toBe(403);
  await browser.signIn(admin);
  expect((await ask({ id: "7" })).status).toBe(404);
  expect((await ask({ query: "?limit=x" })).status).toBe(400);
  expect((await ask({ headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
});

test(`${threat("T20")}: an island's POST has to come from one of our own pages`, async () => {
  await browser.signIn(admin);
  const own = { host: "console.example:8000", origin: "http://console.example:8000" };
  expect((await ask({ method: "POST", headers: own })).status).toBe(200);
  expect((await ask({ method: "POST", headers: { host: own.host } })).status).toBe(403);
  expect((await ask({ method: "POST", headers: { ...own, origin: "null" } })).status).toBe(403);
});
