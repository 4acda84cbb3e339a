import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { hashPassword } from "#lib/auth/password.ts";
import { findSession } from "#lib/auth/session.ts";
import type { SsoConfig } from "#lib/contract/sso.ts";
import { EMPTY_SSO } from "#lib/contract/sso.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { saveSetting } from "#lib/db/settings.ts";
import { savePasswordHash } from "#lib/db/user-passwords.ts";
import { updateUser } from "#lib/db/users.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { type FakeBrowser, openFakeBrowser } from "#lib/testing/fake-browser.ts";
import { type OidcServer, startOidc } from "#lib/testing/oidc.ts";
import { makePerson, makeTeam } from "#lib/testing/people.ts";
import { answerAuth } from "./auth-route.ts";
import { createResetLink, showResetLink } from "./password-resets.ts";
import { currentSession, signInWithPassword } from "./sign-in.ts";
import type { SignInFlow } from "./sign-in-flow.ts";
import { receiveIdentity } from "./sso-flow.ts";
import { readSso, SSO_KEY, sealClientSecret } from "./sso-settings.ts";
import { readSsoTest } from "./sso-test.ts";

vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders);

const ORIGIN = "http://console.example:8000";

let world: ConsoleWorld;
let oidc: OidcServer;
let browser: FakeBrowser;

beforeAll(async () => {
  world = await openConsoleWorld();
  oidc = await startOidc([
    `${ORIGIN}/api/auth/callback/oidc`,
    "https://llm.example.com/gateway/api/auth/callback/oidc",
  ]);
});
afterAll(async () => {
  await oidc.close();
  await world.close();
});
beforeEach(() => {
  browser = openFakeBrowser();
});

async function configure(
  change: Partial<SsoConfig> = {},
  rest: { enforced?: boolean; break_glass_user_id?: string } = {},
): Promise<void> {
  const config = {
    ...EMPTY_SSO,
    name: "Example ID",
    issuer: oidc.issuer,
    client_id: oidc.clientId,
    scopes: ["openid", "email", "profile", "groups"],
    allowed_domains: ["example.com"],
    create_people: true,
    ...change,
  };
  const secret = sealClientSecret(oidc.clientSecret, oidc.issuer);
  const value = { config, secret, enforced: false, break_glass_user_id: null, version: 1, ...rest };
  await saveSetting(getDb(), { key: SSO_KEY, value });
}

/** One of our own addresses, as the browser asks for it; its cookies go into the jar. */
async function visit(address: string): Promise<Response> {
  const url = new URL(address, ORIGIN);
  const path = url.pathname.replace(/^.*\/api\/auth\//, "").split("/");
  const reply = await answerAuth(new Request(url), {
    params: Promise.resolve({ nextauth: path }),
  });
  for (const cookie of reply.headers.getSetCookie()) {
    const [pair = ""] = cookie.split(";");
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    browser.setCookie(name, decodeURIComponent(value));
  }
  return reply;
}

/** Follows the identity provider's own redirects until it sends the browser back to us. */
async function goThrough(address: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = address;
  for (let hop = 0; hop < 10 && next.startsWith(new URL(address).origin); hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await fetch(next, { redirect: "manual", headers: { cookie } });
    for (const line of reply.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      cookies.set(name, value);
    }
    next = new URL(reply.headers.get("location") ?? "about:blank", next).href;
  }
  return next;
}

/** The whole way: the link on the sign-in page, the provider, and back. Gives where it ends. */
async function signInWithSso(query = "callbackUrl=/usage"): Promise<string> {
  const start = await visit(`/api/auth/start?${query}`);
  const back = await goThrough(start.headers.get("location") ?? "");
  const end = await visit(back);
  return end.headers.get("location") ?? `status ${end.status}`;
}

const person = (name: string, more: Record<string, unknown> = {}) => ({
  sub: `sub-${name}`,
  email: `${name}@example.com`,
  email_verified: true,
  name,
  ...more,
});

test("somebody of an allowed domain gets an account at their first sign-in, and the same at the next", async () => {
  await configure();
  oidc.actAs(person("first"));
  expect(await signInWithSso()).toBe(`${ORIGIN}/usage`);
  const first = await currentSession();
  expect(first).toMatchObject({
    method: "oidc",
    person: { email: "first@example.com", isAdmin: false },
  });
  browser = openFakeBrowser();
  oidc.actAs(person("first", { email: "first.married@example.com" }));
  await signInWithSso();
  expect((await currentSession())?.person.id).toBe(first?.person.id);
});

test("the request carries PKCE, a state and a nonce, and the code alone comes back", async () => {
  await configure();
  oidc.actAs(person("second"));
  await signInWithSso();
  expect(oidc.requests.at(-1)).toMatchObject({
    response_type: "code",
    code_challenge_method: "S256",
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.any(String),
    nonce: expect.any(String),
    redirect_uri: `${ORIGIN}/api/auth/callback/oidc`,
  });
});

test("an answer that this browser did not ask for signs nobody in", async () => {
  await configure();
  oidc.actAs(person("third"));
  const start = await visit("/api/auth/start?callbackUrl=/");
  const back = await goThrough(start.headers.get("location") ?? "");
  browser = openFakeBrowser();
  const end = await visit(back);
  expect(end.headers.get("location")).toBe("/sign-in?error=OAuthCallback");
  expect(await currentSession()).toBeUndefined();
});

test("another site cannot begin a sign-in in this browser", async () => {
  await configure();
  const request = new Request(`${ORIGIN}/api/auth/start`, {
    headers: { "sec-fetch-site": "cross-site" },
  });
  const reply = await answerAuth(request, { params: Promise.resolve({ nextauth: ["start"] }) });
  expect(reply.status).toBe(403);
});

test("next-auth's other endpoints are not there", async () => {
  for (const path of [
    "session",
    "providers",
    "signout",
    "_log",
    "callback/credentials",
    "signin/oidc/x",
  ]) {
    expect((await visit(`/api/auth/${path}`)).status).toBe(404);
  }
});

test.each(["//evil.example", "/\\evil.example", "https://evil.example/usage"])(
  "the way back to %s leads home",
  async (callbackUrl) => {
    await configure();
    oidc.actAs(person("fourth"));
    expect(await signInWithSso(`callbackUrl=${encodeURIComponent(callbackUrl)}`)).toBe(
      `${ORIGIN}/`,
    );
  },
);

test("whoever presses Cancel at the provider is back at the sign-in page", async () => {
  await configure();
  oidc.actAs(null);
  expect(await signInWithSso()).toBe("/sign-in?error=Callback");
  expect(await currentSession()).toBeUndefined();
  expect(await signInWithSso("intent=step-up")).toBe("/sign-in/confirmed?error=1");
});

test.each([
  ["another domain", { email: "stranger@evil.example" }, "sso_domain"],
  ["a domain that only looks the same", { email: "stranger@еxample.com" }, "sso_domain"],
  ["an address within an address", { email: "stranger@evil.example@example.com" }, "sso_no_email"],
  ["no address", { email: undefined }, "sso_no_email"],
  ["an address that is not verified", { email_verified: false }, "sso_unverified"],
])("%s gets no account", async (_, claims, error) => {
  await configure();
  oidc.actAs(person("eve", claims));
  expect(await signInWithSso()).toBe(`/sign-in?error=${error}`);
  expect(await currentSession()).toBeUndefined();
});

test("without accounts at first sign-in only people who are there already get in", async () => {
  await configure({ create_people: false });
  oidc.actAs(person("dan"));
  expect(await signInWithSso()).toBe("/sign-in?error=sso_not_invited");
});

test("an account with a password is bound only when the provider vouches for its address", async () => {
  await configure();
  const known = await makePerson({ role: "admin", email: "grace@example.com" });
  oidc.actAs(person("grace", { email_verified: undefined }));
  expect(await signInWithSso()).toBe("/sign-in?error=sso_unverified");
  oidc.actAs(person("grace"));
  await signInWithSso();
  expect((await currentSession())?.person.id).toBe(known.principal.id);
  // The address has moved on to somebody else at the provider: that is another person.
  browser = openFakeBrowser();
  oidc.actAs(person("grace", { sub: "sub-of-another-grace" }));
  expect(await signInWithSso()).toBe("/sign-in?error=sso_unverified");
});

test("binding an account ends every other way into it, and says which there were", async () => {
  const password = "a password for the tests";
  const passwordHash = await hashPassword(password);
  const admin = await makePerson({ role: "admin" });
  const known = await makePerson({ role: "member", email: "ceo@example.com" });
  const glass = await makePerson({ role: "admin", email: "emergency@example.com" });
  for (const { principal } of [known, glass]) {
    await savePasswordHash(getDb(), { id: principal.id, passwordHash });
  }
  await configure({}, { break_glass_user_id: glass.principal.id });
  const { sid } = await openFakeBrowser().signIn(known);
  const token = (await createResetLink(admin, known.principal.id)).link.split("/").at(-1) ?? "";
  const digest = Buffer.from("an invitation's digest");
  await getSql()`insert into invites (id, digest, email, role, teams, expires_at)
    values (${newId()}, ${digest}, 'ceo@example.com', 'member', '[]', now() + interval '1 day')`;

  browser = openFakeBrowser();
  oidc.actAs(person("ceo"));
  await signInWithSso();

  expect((await currentSession())?.person.id).toBe(known.principal.id);
  expect(await findSession(sid)).toBeUndefined();
  expect(await showResetLink(token)).toEqual({ kind: "used" });
  const [open] = await getSql()`select 1 from invites
    where email = 'ceo@example.com' and revoked_at is null`;
  expect(open).toBeUndefined();
  const [event] = await getSql()`select after from audit_events
    where action = 'user.link' and target_id = ${known.principal.id}`;
  expect(event?.["after"]).toMatchObject({
    ended: { password: true, sessions: 1, reset_links: 1, invitations: 1 },
  });
  browser = openFakeBrowser();
  expect(await signInWithPassword({ email: "ceo@example.com", password })).toEqual({
    kind: "refused",
  });

  // The emergency account has to open the console when the identity provider does not.
  browser = openFakeBrowser();
  oidc.actAs(person("emergency"));
  await signInWithSso();
  expect((await currentSession())?.person.id).toBe(glass.principal.id);
  expect(await signInWithPassword({ email: "emergency@example.com", password })).toMatchObject({
    kind: "accepted",
  });
});

test("a verified address vouches for no other claim that is read as the address", async () => {
  await configure({ claims: { ...EMPTY_SSO.claims, email: "preferred_username" } });
  await makePerson({ role: "admin", email: "owner@example.com" });
  oidc.actAs(person("mallory", { preferred_username: "owner@example.com" }));
  expect(await signInWithSso()).toBe("/sign-in?error=sso_unverified");
  expect(await currentSession()).toBeUndefined();
  oidc.actAs(person("trudy", { preferred_username: "trudy.new@example.com" }));
  await signInWithSso();
  expect((await currentSession())?.person.email).toBe("trudy.new@example.com");
});

test("a sign-in of single sign-on is no fresh proof, nor is one that does not say when it was", async () => {
  await configure();
  oidc.actAs(person("rupert"));
  await signInWithSso();
  const current = await currentSession();
  expect(current?.person.steppedUpUntil).toBeNull();
  const stored = await readSso();
  if (stored === undefined) {
    throw new Error("Single sign-on was set up above.");
  }
  const receive = (more: Record<string, unknown>) => {
    const visitor = { requestId: newId(), ip: null, userAgent: null };
    const flow: SignInFlow = { visitor, previousSid: undefined };
    const claims = { iss: oidc.issuer, ...person("rupert"), ...more };
    return receiveIdentity(flow, { stored, claims, intent: "step-up", current });
  };
  const now = Math.floor(Date.now() / 1000);
  expect(await receive({})).toBe("/sign-in/confirmed?error=1");
  expect(await receive({ auth_time: now - 3600 })).toBe("/sign-in/confirmed?error=1");
  expect(await receive({ auth_time: now })).toBe(true);
});

test("a suspended person does not come back through single sign-on", async () => {
  await configure();
  oidc.actAs(person("heidi"));
  await signInWithSso();
  const session = await currentSession();
  await updateUser(getDb(), { id: session?.person.id ?? "", suspendedAt: new Date() });
  expect(await currentSession()).toBeUndefined();
  browser = openFakeBrowser();
  expect(await signInWithSso()).toBe("/sign-in?error=sso_refused");
});

test("groups give roles and teams, and take them away again at the next sign-in", async () => {
  const [research, support] = [await makeTeam(), await makeTeam()];
  await makePerson({ role: "admin" });
  await configure({
    default_team_id: support.id,
    group_rules: [
      { group: "gateway-admins", role: "admin", team_id: null },
      { group: "research", role: "member", team_id: research.id },
      { group: "research-leads", role: "team_admin", team_id: research.id },
    ],
  });
  oidc.actAs(person("ivan", { groups: ["research", "research-leads", "gateway-admins"] }));
  await signInWithSso();
  const first = (await currentSession())?.person;
  expect(first?.isAdmin).toBe(true);
  expect(new Map(first?.teams.map(({ id, role }) => [id, role]))).toEqual(
    new Map([
      [research.id, "team_admin"],
      [support.id, "member"],
    ]),
  );
  browser = openFakeBrowser();
  oidc.actAs(person("ivan", { groups: [] }));
  await signInWithSso();
  const later = (await currentSession())?.person;
  expect(later?.isAdmin).toBe(false);
  expect(later?.teams.map(({ id }) => id)).toEqual([support.id]);
});

test("a sign-in replaces the session that the browser had before", async () => {
  await configure();
  const before = await makePerson({ role: "member" });
  const { sid } = await browser.signIn(before);
  oidc.actAs(person("judy"));
  await signInWithSso();
  expect((await currentSession())?.person.email).toBe("judy@example.com");
  expect(await findSession(sid)).toBeUndefined();
});

test("a proof of identity has to be given by the same person, and changes the session's id", async () => {
  await configure();
  oidc.actAs(person("ken"));
  await signInWithSso();
  const before = await currentSession();
  await getSql()`update sessions set stepped_up_until = now() - interval '1 second'`;
  oidc.actAs(person("liam"));
  expect(await signInWithSso("intent=step-up")).toBe("/sign-in/confirmed?error=1");
  expect((await currentSession())?.person.id).toBe(before?.person.id);
  oidc.actAs(person("ken"));
  expect(await signInWithSso("intent=step-up")).toBe(`${ORIGIN}/sign-in/confirmed`);
  expect(oidc.requests.at(-1)).toMatchObject({ prompt: "login", max_age: "0" });
  const after = await currentSession();
  expect(after?.person.id).toBe(before?.person.id);
  expect(after?.person.sessionId).not.toBe(before?.person.sessionId);
  expect(after?.person.steppedUpUntil?.getTime()).toBeGreaterThan(Date.now());
});

test("a test sign-in shows an administrator the claims and signs nobody in", async () => {
  await configure({ group_rules: [{ group: "gateway-admins", role: "admin", team_id: null }] });
  const admin = await makePerson({ role: "admin" });
  await browser.signIn(admin);
  oidc.actAs(person("mia", { groups: ["gateway-admins"] }));
  expect(await signInWithSso("intent=test")).toBe("/sign-in/confirmed?test=1");
  expect((await currentSession())?.person.id).toBe(admin.principal.id);
  expect(await readSsoTest(admin.principal.id)).toMatchObject({
    claims: { email: "mia@example.com", groups: ["gateway-admins"] },
    is_admin: true,
    account: "create",
  });
  expect(await readSsoTest("somebody else")).toBeUndefined();
  const [row] = await getSql()`select 1 from users where email = 'mia@example.com'`;
  expect(row).toBeUndefined();
});

test("where single sign-on is enforced passwords open nothing but the emergency account", async () => {
  const passwordHash = await hashPassword("a password for the tests");
  const [glass, other, outside] = [
    await makePerson({ role: "admin", email: "glass@example.com" }),
    await makePerson({ role: "admin", email: "nora@example.com" }),
    await makePerson({ role: "member", email: "contractor@other.example" }),
  ];
  for (const { principal } of [glass, other, outside]) {
    await savePasswordHash(getDb(), { id: principal.id, passwordHash });
  }
  await configure({}, { enforced: true, break_glass_user_id: glass.principal.id });
  const attempt = (email: string) =>
    signInWithPassword({ email, password: "a password for the tests" });
  expect(await attempt("nora@example.com")).toEqual({ kind: "refused" });
  expect(await attempt("glass@example.com")).toMatchObject({ kind: "accepted" });
  expect(await attempt("contractor@other.example")).toMatchObject({ kind: "accepted" });
});

test("behind a proxy the way back has the public address and the prefix, and cookies are bound", async () => {
  const settings = {
    CONDUIT_PUBLIC_URL: "https://llm.example.com/gateway",
    CONDUIT_BASE_PATH: "/gateway",
  };
  Object.assign(process.env, settings);
  dropSingleton("env");
  await configure();
  oidc.actAs(person("pat"));
  const start = await visit("/gateway/api/auth/start?callbackUrl=/usage");
  expect(start.headers.getSetCookie().length).toBeGreaterThan(3);
  for (const cookie of start.headers.getSetCookie()) {
    expect(cookie).toMatch(/^__Host-conduit\.\w+=.*HttpOnly; .*Secure|^__Host-.*Secure.*HttpOnly/i);
  }
  const back = await goThrough(start.headers.get("location") ?? "");
  expect(back).toMatch(/^https:\/\/llm\.example\.com\/gateway\/api\/auth\/callback\/oidc\?/);
  const end = await visit(back);
  expect(end.headers.get("location")).toBe("https://llm.example.com/gateway/usage");
  expect((await currentSession())?.person.email).toBe("pat@example.com");
  oidc.actAs(person("pat", { email: "pat@evil.example", sub: "another" }));
  expect(await signInWithSso()).toBe("/gateway/sign-in?error=sso_domain");
  for (const name of Object.keys(settings)) {
    delete process.env[name];
  }
  dropSingleton("env");
});

test("passwords work while the identity provider is down", async () => {
  const { principal } = await makePerson({ role: "admin", email: "olga@example.com" });
  const passwordHash = await hashPassword("a password for the tests");
  await savePasswordHash(getDb(), { id: principal.id, passwordHash });
  await configure({ issuer: "http://127.0.0.1:1" });
  const password = "a password for the tests";
  expect(await signInWithPassword({ email: "olga@example.com", password })).toMatchObject({
    kind: "accepted",
  });
  const start = await visit("/api/auth/start");
  expect(start.headers.get("location")).toBe("/sign-in?error=OAuthSignin");
});
