import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { hashPassword } from "#lib/auth/password.ts";
import { findSession } from "#lib/auth/session.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { savePasswordHash } from "#lib/db/user-passwords.ts";
import { updateUser } from "#lib/db/users.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { type FakeBrowser, openFakeBrowser } from "#lib/testing/fake-browser.ts";
import { makePerson, makeSession, type PersonActor } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { changePassword, endOtherSessions, endOwnSession, showProfile } from "./profile.ts";
import {
  confirmPassword,
  currentSession,
  renewSession,
  signInAs,
  signInWithPassword,
  signOut,
} from "./sign-in.ts";

vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders);

const PASSWORD = "a password for the tests";

let world: ConsoleWorld;
let browser: FakeBrowser;
let person: PersonActor;
let passwordHash: string;

beforeAll(async () => {
  world = await openConsoleWorld();
  passwordHash = await hashPassword(PASSWORD);
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  await getSql()`delete from sign_in_failures`;
  browser = openFakeBrowser();
  person = await makePerson({ role: "admin" });
  await savePasswordHash(getDb(), { id: person.principal.id, passwordHash });
});

const attempt = (password = PASSWORD, email = person.principal.email) =>
  signInWithPassword({ email, password });

/** Refusals are noted beside the answer, so that they do not slow it down. */
async function lastEvent(action: string): Promise<Record<string, unknown> | undefined> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [row] = await getSql()<Record<string, unknown>[]>`
    select * from audit_events where action = ${action} order by sequence desc limit 1`;
  return row;
}

test("the right password signs in, whatever the case of the address", async () => {
  expect(await attempt(PASSWORD, ` ${person.principal.email.toUpperCase()} `)).toMatchObject({
    kind: "accepted",
  });
  expect(await currentSession()).toMatchObject({
    method: "password",
    person: { id: person.principal.id, isAdmin: true },
  });
  expect(await lastEvent("session.create")).toMatchObject({
    actor_name: person.principal.email,
    ip: "192.0.2.7",
  });
});

test(`${threat("T18")}: the cookie is out of reach for scripts and other sites, and tells nothing`, async () => {
  await attempt();
  expect(browser.attributes("conduit.sid")).toMatchObject({
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: false,
  });
  const cookie = browser.cookie("conduit.sid") ?? "";
  const plain = cookie.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
  expect(plain.join()).not.toMatch(/example\.com|admin/);
});

test(`${threat("T18")}: over TLS the cookie is bound to the host`, async () => {
  process.env["CONDUIT_PUBLIC_URL"] = "https://llm.example.com";
  dropSingleton("env");
  await attempt();
  expect(browser.cookie("conduit.sid")).toBeUndefined();
  expect(browser.cookie("__Host-conduit.sid")).toBeDefined();
  expect(browser.attributes("__Host-conduit.sid")).toMatchObject({ secure: true, path: "/" });
  expect(await currentSession()).toBeDefined();
  delete process.env["CONDUIT_PUBLIC_URL"];
  dropSingleton("env");
});

test(`${threat("T17")}: an unknown address, a wrong password, no password and a suspended person are told the same`, async () => {
  const suspended = await makePerson({ role: "member" });
  await savePasswordHash(getDb(), { id: suspended.principal.id, passwordHash });
  await updateUser(getDb(), { id: suspended.principal.id, suspendedAt: new Date() });
  const without = await makePerson({ role: "member" });
  const verdicts = [
    await attempt("a wrong password"),
    await attempt(PASSWORD, "nobody@example.com"),
    await attempt(PASSWORD, without.principal.email),
    await attempt(PASSWORD, suspended.principal.email),
  ];
  expect(verdicts).toEqual(Array(4).fill({ kind: "refused" }));
  expect(await currentSession()).toBeUndefined();
  expect(await lastEvent("session.refuse")).toMatchObject({
    actor_name: suspended.principal.email,
    after: { reason: "suspended" },
  });
});

test(`${threat("T17")}: what was typed for an account that does not exist is kept nowhere`, async () => {
  await attempt(PASSWORD, "hunter2-in-the-wrong-box");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [row] = await getSql()`
    select 1 from audit_events where actor_name like '%hunter2%' or after::text like '%hunter2%'`;
  expect(row).toBeUndefined();
});

test(`${threat("T17")}: after five failures even the right password has to wait`, async () => {
  for (let at = 0; at < 5; at += 1) {
    expect(await attempt("a wrong password")).toEqual({ kind: "refused" });
  }
  expect(await attempt()).toEqual({ kind: "wait", waitMs: expect.any(Number) });
  expect(await currentSession()).toBeUndefined();
});

test(`${threat("T18")}: an id that was planted before signing in is not taken over`, async () => {
  const attacker = await makePerson({ role: "member" });
  const { sid } = await browser.signIn(attacker);
  const planted = browser.cookie("conduit.sid");
  await attempt();
  expect(browser.cookie("conduit.sid")).not.toBe(planted);
  expect((await currentSession())?.person.id).toBe(person.principal.id);
  expect(await findSession(sid)).toBeUndefined();
});

test(`${threat("T18")}: confirming one's password gives the session a new id, and the old cookie is void`, async () => {
  await attempt();
  await getSql()`update sessions set stepped_up_until = now() - interval '1 second'`;
  const before = browser.cookie("conduit.sid") ?? "";
  expect(await confirmPassword("a wrong password")).toEqual({ kind: "refused" });
  expect(browser.cookie("conduit.sid")).toBe(before);
  expect(await confirmPassword(PASSWORD)).toMatchObject({ kind: "accepted" });
  expect(browser.cookie("conduit.sid")).not.toBe(before);
  expect((await currentSession())?.person.steppedUpUntil?.getTime()).toBeGreaterThan(Date.now());
  browser.setCookie("conduit.sid", before);
  expect(await currentSession()).toBeUndefined();
});

test(`${threat("T17")}: strangers who guess at the sign-in page do not keep anybody from confirming`, async () => {
  await attempt();
  for (let at = 0; at < 5; at += 1) {
    await attempt("a wrong password");
  }
  expect(await attempt()).toMatchObject({ kind: "wait" });
  expect(await confirmPassword(PASSWORD)).toMatchObject({ kind: "accepted" });
  for (let at = 0; at < 5; at += 1) {
    expect(await confirmPassword("a wrong password")).toEqual({ kind: "refused" });
  }
  expect(await confirmPassword(PASSWORD)).toMatchObject({ kind: "wait" });
});

test(`${threat("T18")}: signing out ends the session itself, and not the cookie alone`, async () => {
  await attempt();
  const cookie = browser.cookie("conduit.sid") ?? "";
  await signOut();
  expect(browser.cookie("conduit.sid")).toBeUndefined();
  browser.setCookie("conduit.sid", cookie);
  expect(await currentSession()).toBeUndefined();
});

test("the setup and invitations sign in without a password", async () => {
  await signInAs(person.principal.id, "password");
  expect((await currentSession())?.person.email).toBe(person.principal.email);
});

test(`${threat("T19")}: without the secret nobody is taken for a guest: the request fails`, async () => {
  await attempt();
  dropSingleton("secrets");
  await expect(currentSession()).rejects.toMatchObject({ status: 503 });
  await world.reloadSecrets();
  expect(await currentSession()).toBeDefined();
});

test("a new password needs the present one, and signs out everywhere else", async () => {
  await attempt();
  const elsewhere = await makeSession(person.principal.id);
  const session = await currentSession();
  const actor = { ...person, principal: session?.person ?? person.principal };
  const change = { password: "another password for it", confirmation: "another password for it" };
  await expect(changePassword(actor, { ...change, current: "wrong" })).rejects.toMatchObject({
    param: "current",
  });
  const address = person.principal.email.toUpperCase();
  await expect(
    changePassword(actor, { current: PASSWORD, password: address, confirmation: address }),
  ).rejects.toMatchObject({ param: "password" });
  expect(await findSession(elsewhere.sid)).toBeDefined();
  await changePassword(actor, { ...change, current: PASSWORD });
  await renewSession();
  expect(await findSession(elsewhere.sid)).toBeUndefined();
  expect(await currentSession()).toBeDefined();
  browser = openFakeBrowser();
  expect(await attempt(PASSWORD)).toEqual({ kind: "refused" });
  expect(await attempt("another password for it")).toMatchObject({ kind: "accepted" });
  const event = await lastEvent("user.set_password");
  expect(event?.["after"]).toEqual({ password: "[secret]", ended_sessions: 1 });
});

test(`${threat("T18")}: people see and end their own sessions, and nobody else's`, async () => {
  const [first, second] = [await browser.signIn(person), await browser.signIn(person)];
  const other = await makePerson({ role: "member" });
  const foreign = await browser.signIn(other);
  const actor = { ...person, principal: { ...person.principal, sessionId: first.id } };
  const { sessions } = await showProfile(actor);
  expect(new Map(sessions.map(({ id, isCurrent }) => [id, isCurrent]))).toEqual(
    new Map([
      [first.id, true],
      [second.id, false],
    ]),
  );
  await expect(endOwnSession(actor, { id: foreign.id })).rejects.toMatchObject({ status: 404 });
  await endOwnSession(actor, { id: second.id });
  expect(await findSession(second.sid)).toBeUndefined();
  const third = await browser.signIn(person);
  expect(await endOtherSessions(actor)).toEqual({ ended: 1 });
  expect(await findSession(third.sid)).toBeUndefined();
  expect(await findSession(first.sid)).toBeDefined();
  expect(await findSession(foreign.sid)).toBeDefined();
});
