import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hashPassword } from "#lib/auth/password.ts";
import { EMPTY_SSO, type SsoChange, ssoChange } from "#lib/contract/sso.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { savePasswordHash } from "#lib/db/user-passwords.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { type OidcServer, startOidc } from "#lib/testing/oidc.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import { askIssuer, changeSso, enforceSso, removeSso, showSso } from "./sso.ts";
import { openClientSecret, readSso, showSsoOffer } from "./sso-settings.ts";
import { saveSsoTest } from "./sso-test.ts";

let world: ConsoleWorld;
let oidc: OidcServer;
let other: OidcServer;
let admin: PersonActor;

beforeAll(async () => {
  world = await openConsoleWorld();
  [oidc, other] = [
    await startOidc(["http://a.example/x"]),
    await startOidc(["http://a.example/x"]),
  ];
});
afterAll(async () => {
  await Promise.all([oidc.close(), other.close()]);
  await world.close();
});
beforeEach(async () => {
  await getSql()`delete from settings where key in ('sso', 'sso_test')`;
  admin = await makePerson({ role: "admin" });
  await savePasswordHash(getDb(), {
    id: admin.principal.id,
    passwordHash: await hashPassword("a password for the tests"),
  });
});

function input(change: Partial<SsoChange> = {}): SsoChange {
  return {
    ...EMPTY_SSO,
    name: "Example ID",
    issuer: oidc.issuer,
    client_id: "conduit",
    client_secret: "hush-hush",
    allowed_domains: ["example.com"],
    create_people: true,
    ...change,
  };
}

async function passTest(email = "ada@example.com"): Promise<void> {
  const stored = await readSso();
  if (stored === undefined) {
    throw new Error("Single sign-on has to be set up first.");
  }
  await getSql()`delete from users where email = ${email}`;
  const claims = { iss: oidc.issuer, sub: "1", email, email_verified: true };
  await saveSsoTest({ userId: admin.principal.id, stored, claims });
}

test("the secret is sealed, goes to nobody, and stays when it is left out", async () => {
  const info = await changeSso(admin, input());
  expect(info).toMatchObject({ hasSecret: true, isConfigured: true, version: 2 });
  expect(JSON.stringify(info)).not.toContain("hush-hush");
  const [row] = await getSql()<{ text: string }[]>`
    select value::text as text from settings where key = 'sso'`;
  expect(row?.text).not.toContain("hush-hush");
  const [event] = await getSql()<{ text: string }[]>`
    select after::text as text from audit_events where action = 'sso.update'`;
  expect(event?.text).toContain("[secret]");
  expect(event?.text).not.toContain("hush-hush");
  await changeSso(admin, input({ client_secret: undefined, name: "Renamed" }));
  const stored = await readSso();
  expect(stored && openClientSecret(stored)?.reveal()).toBe("hush-hush");
});

test("the secret is not sent to another issuer: it has to be given again", async () => {
  await changeSso(admin, input());
  const moved = input({ issuer: other.issuer, client_secret: undefined });
  await expect(changeSso(admin, moved)).rejects.toMatchObject({ param: "client_secret" });
  await changeSso(admin, { ...moved, client_secret: "the other one" });
  const stored = await readSso();
  expect(stored && openClientSecret(stored)?.reveal()).toBe("the other one");
});

test("a sealed secret that was moved to another issuer's row does not open", async () => {
  await changeSso(admin, input());
  await getSql()`
    update settings set value = jsonb_set(value, '{config,issuer}', ${`"https://evil.example"`}::jsonb)
    where key = 'sso'`;
  const stored = await readSso();
  expect(() => stored && openClientSecret(stored)).toThrow();
});

test("an issuer that is not there, is somebody else, or may not be asked is refused by name", async () => {
  await expect(changeSso(admin, input({ issuer: "http://127.0.0.1:1" }))).rejects.toMatchObject({
    code: "upstream_unreachable",
  });
  await expect(askIssuer({ issuer: `${oidc.issuer}/realm` })).rejects.toMatchObject({
    message: expect.stringContaining("404"),
  });
  for (const issuer of ["http://169.254.169.254", "http://metadata.google.internal"]) {
    await expect(askIssuer({ issuer })).rejects.toMatchObject({ code: "upstream_refused_address" });
  }
  expect(await askIssuer({ issuer: `${oidc.issuer}/` })).toMatchObject({ issuer: oidc.issuer });
});

test("rules and the first team have to name teams that exist", async () => {
  const team = await makeTeam();
  const gone = "01900000-0000-7000-8000-000000000000";
  const rules = [
    { group: "a", role: "member" as const, team_id: team.id },
    { group: "b", role: "member" as const, team_id: gone },
  ];
  await expect(changeSso(admin, input({ group_rules: rules }))).rejects.toMatchObject({
    param: "group_rules[1].team_id",
  });
  await expect(changeSso(admin, input({ default_team_id: gone }))).rejects.toMatchObject({
    param: "default_team_id",
  });
});

test.each([
  [{ issuer: "ftp://id.example.com" }, "issuer"],
  [{ issuer: "https://id.example.com?x=1" }, "issuer"],
  [{ scopes: ["email"] }, "scopes"],
  [{ allowed_domains: ["not a domain"] }, "allowed_domains.0"],
  [{ group_rules: [{ group: "a", role: "member", team_id: null }] }, "group_rules.0.team_id"],
  [{ claims: { email: "", name: "name", groups: "groups" } }, "claims.email"],
])("%j is refused at %s", (change, path) => {
  const parsed = ssoChange.safeParse({ ...input(), issuer: "https://id.example.com", ...change });
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});

test("domains are compared in one spelling", () => {
  const parsed = ssoChange.parse({
    ...input(),
    issuer: "https://id.example.com",
    allowed_domains: ["@Example.COM", "ｅxample.org"],
  });
  expect(parsed.allowed_domains).toEqual(["example.com", "example.org"]);
});

test("of two edits of one version the second is shown what the first has made", async () => {
  const { version } = await changeSso(admin, input());
  await changeSso(admin, input({ name: "First", expected_version: version }));
  await expect(
    changeSso(admin, input({ name: "Second", expected_version: version })),
  ).rejects.toMatchObject({ code: "conflict", current: { config: { name: "First" } } });
});

test("it is enforced only after this administrator's test, and with an emergency account", async () => {
  const ask = (change: object = {}) =>
    enforceSso(admin, { enforced: true, break_glass_user_id: admin.principal.id, ...change });
  await changeSso(admin, input());
  await expect(ask()).rejects.toMatchObject({ param: "enforced" });
  await passTest("eve@evil.example");
  await expect(ask()).rejects.toMatchObject({ param: "enforced" });
  await passTest();
  const colleague = await makePerson({ role: "admin" });
  const theirs = { enforced: true, break_glass_user_id: admin.principal.id };
  await expect(enforceSso(colleague, theirs)).rejects.toMatchObject({ param: "enforced" });
  for (const id of [null, colleague.principal.id]) {
    await expect(ask({ break_glass_user_id: id })).rejects.toMatchObject({
      param: "break_glass_user_id",
    });
  }
  expect(await ask()).toMatchObject({ enforced: true });
  expect(await showSsoOffer()).toEqual({ name: "Example ID", enforcedDomains: ["example.com"] });
});

test("a test of other settings does not count, and another provider ends the enforcement", async () => {
  await changeSso(admin, input());
  await passTest();
  await changeSso(admin, input({ name: "Renamed" }));
  const ask = { enforced: true, break_glass_user_id: admin.principal.id };
  await expect(enforceSso(admin, ask)).rejects.toMatchObject({ param: "enforced" });
  expect((await showSso(admin)).test).toMatchObject({ isCurrent: false });
  await passTest();
  await enforceSso(admin, ask);
  expect((await changeSso(admin, input({ name: "Again" }))).enforced).toBe(true);
  const moved = await changeSso(admin, input({ issuer: other.issuer, client_secret: "x" }));
  expect(moved.enforced).toBe(false);
});

test("removing it leaves no secret behind", async () => {
  await changeSso(admin, input());
  await removeSso(admin);
  expect(await readSso()).toBeUndefined();
  expect(await showSso(admin)).toMatchObject({ isConfigured: false, hasSecret: false });
});
