import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyPassword } from "#lib/auth/password.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { getCredentialByEmail } from "#lib/db/user-passwords.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import type { Actor } from "./actor.ts";
import { acceptInvite, showInviteLink } from "./invite-accept.ts";
import { inviteMembers, resendInvite, revokeInvite, showInvites } from "./invites.ts";
import { createResetLink, resetPassword, showResetLink } from "./password-resets.ts";
import { changeUser } from "./users.ts";

let api: AdminApi;
let growth: { id: string; name: string };
let payments: { id: string; name: string };
let admin: PersonActor;
let lead: PersonActor;

beforeAll(async () => {
  api = await openAdminApi();
  growth = await makeTeam("Growth");
  payments = await makeTeam("Payments");
  admin = await makePerson({ role: "admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [growth.id] });
});
afterAll(() => api.close());

const visitor = { requestId: newId(), ip: "127.0.0.1", userAgent: "test" };
const PASSWORD = "four random words here";
const freshEmail = () => `invited-${newId().slice(-12)}@example.com`;

async function invite(actor: Actor, email: string, role: "admin" | "member" = "member") {
  const teams = [{ team_id: growth.id, role: "member" as const }];
  const { results } = await inviteMembers(actor, { emails: [email], role, teams });
  const [result] = results;
  return { ...result, token: result?.link?.split("/").at(-1) ?? "" };
}

const take = (token: string, name = "Somebody") =>
  acceptInvite(visitor, { token, name, password: PASSWORD, confirm: PASSWORD });

test("an invitation makes an account in its team, with the password that was chosen, once", async () => {
  const email = freshEmail();
  const { token, link } = await invite(lead, email.toUpperCase());

  expect(link).toBe(`/invite/${token}`);
  expect(await showInviteLink(token)).toMatchObject({ kind: "open", email });
  const { userId } = await take(token, "New person");

  const user = await getCredentialByEmail(getDb(), { email });
  expect(user).toMatchObject({ id: userId, role: "member", suspendedAt: null });
  expect(await verifyPassword(user?.passwordHash ?? null, PASSWORD)).toBe(true);
  const memberships =
    await getSql()`select team_id, role from team_members where user_id = ${userId}`;
  expect([...memberships]).toEqual([{ team_id: growth.id, role: "member" }]);
  expect(await showInviteLink(token)).toEqual({ kind: "used" });
  await expect(take(token)).rejects.toMatchObject({ status: 404 });
});

test("of two who open one link at once, one gets the account", async () => {
  const { token } = await invite(admin, freshEmail());

  const outcomes = await Promise.allSettled([take(token, "One"), take(token, "Other")]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("each address has its own error, and the others are invited", async () => {
  const known = await makePerson({ role: "member", teamIds: [growth.id] });
  await getSql()`update users set password_hash = 'x' where id = ${known.principal.id}`;
  const good = freshEmail();

  const { results } = await inviteMembers(admin, {
    emails: ["not an address", known.principal.email, good, good.toUpperCase()],
    role: "member",
    teams: [],
  });

  expect(results).toEqual([
    { email: "not an address", link: null, error: expect.stringContaining("not an e-mail") },
    { email: known.principal.email, link: null, error: expect.stringContaining("sign in already") },
    { email: good, link: expect.stringMatching(/^\/invite\/[\w-]{43}$/), error: null },
  ]);
});

test("the token of a link is nowhere stored", async () => {
  const { token } = await invite(admin, freshEmail());
  const [row] = await getSql()`select (select json_agg(i) from invites i)::text
    || (select json_agg(e) from audit_events e)::text as text`;
  expect(row?.["text"]).not.toContain(token);
});

test("a link that was revoked, renewed, replaced or is too old opens nothing", async () => {
  const email = freshEmail();
  const first = await invite(admin, email);
  const second = await invite(admin, email);
  expect(await showInviteLink(first.token)).toEqual({ kind: "revoked" });

  const { invites } = await showInvites(admin);
  const id = invites.find((each) => each.email === email)?.id ?? "";
  const { link } = await resendInvite(admin, id);
  const third = link?.split("/").at(-1) ?? "";
  expect(await showInviteLink(second.token)).toEqual({ kind: "unknown" });
  expect(await showInviteLink(third)).toMatchObject({ kind: "open" });

  await getSql()`update invites set expires_at = now() - interval '1 minute' where id = ${id}`;
  expect(await showInviteLink(third)).toEqual({ kind: "expired" });
  await expect(take(third)).rejects.toMatchObject({ status: 404 });
  await revokeInvite(admin, id);
  expect(await showInviteLink(third)).toEqual({ kind: "revoked" });
  await expect(revokeInvite(admin, id)).rejects.toMatchObject({ status: 404 });
});

test("a team's admin invites into the teams that they lead, and makes nobody an administrator", async () => {
  const email = freshEmail();
  const into = (teams: string[], role: "admin" | "member" = "member") =>
    inviteMembers(lead, {
      emails: [email],
      role,
      teams: teams.map((id) => ({ team_id: id, role: "team_admin" })),
    });

  await expect(into([payments.id])).rejects.toMatchObject({ param: "teams" });
  await expect(into([growth.id, payments.id])).rejects.toMatchObject({ param: "teams" });
  await expect(into([])).rejects.toMatchObject({ param: "teams" });
  await expect(into([growth.id], "admin")).rejects.toMatchObject({ param: "role" });
  expect((await into([growth.id])).results).toMatchObject([{ email, error: null }]);
});

test("a team's admin neither sees nor renews an invitation that gives more than they could", async () => {
  const powerful = await invite(admin, freshEmail(), "admin");
  const { invites } = await showInvites(admin);
  const id = invites.find(({ email }) => email === powerful.email)?.id ?? "";

  expect((await showInvites(lead)).invites.map(({ email }) => email)).not.toContain(powerful.email);
  await expect(resendInvite(lead, id)).rejects.toMatchObject({ status: 404 });
  await expect(revokeInvite(lead, id)).rejects.toMatchObject({ status: 404 });
});

test("a team's admin does not cancel an invitation that gives more than they could", async () => {
  const email = freshEmail();
  const powerful = await invite(admin, email, "admin");
  expect(await invite(lead, email)).toMatchObject({
    link: null,
    error: expect.stringContaining("only an administrator can replace"),
  });
  expect(await showInviteLink(powerful.token)).toMatchObject({ kind: "open", email });
});

test("a team's admin cannot take over an account that exists, not even one made later", async () => {
  const owner = await makePerson({ role: "admin" });
  expect(await invite(lead, owner.principal.email)).toMatchObject({
    link: null,
    error: expect.stringContaining("Ask an administrator"),
  });

  const email = freshEmail();
  const { token } = await invite(lead, email);
  await makePerson({ role: "admin", email });
  await expect(take(token)).rejects.toMatchObject({ code: "conflict" });
  expect((await getCredentialByEmail(getDb(), { email }))?.passwordHash).toBeNull();
});

test("an invitation is worth no more than its inviter is when it is taken", async () => {
  const leaving = await makePerson({ role: "team_admin", teamIds: [growth.id] });
  const { token } = await invite(leaving, freshEmail());
  await changeUser(admin, leaving.principal.id, { is_suspended: true });

  expect(await showInviteLink(token)).toEqual({ kind: "revoked" });
  await expect(take(token)).rejects.toMatchObject({ status: 404 });
});

test("the address itself is no password", async () => {
  const email = `a-long-address-${newId()}@example.com`;
  const { token } = await invite(admin, email);
  await expect(
    acceptInvite(visitor, { token, name: "x", password: email, confirm: email }),
  ).rejects.toMatchObject({ param: "password" });
  expect(await showInviteLink(token)).toMatchObject({ kind: "open" });
});

test("a link for a new password works once, ends older ones, and signs everybody else out", async () => {
  const person = await makePerson({ role: "member" });
  const { id, email } = person.principal;
  const first = (await createResetLink(admin, id)).link.split("/").at(-1) ?? "";
  const { link } = await createResetLink(admin, id);
  const token = link.split("/").at(-1) ?? "";
  await getSql()`insert into sessions (id, digest, user_id, method, expires_at)
    values (${newId()}, ${Buffer.from(newId())}, ${id}, 'password', now() + interval '1 hour')`;

  expect(await showResetLink(first)).toEqual({ kind: "used" });
  expect(await showResetLink(token)).toMatchObject({ kind: "open", email });
  await resetPassword(visitor, { token, password: PASSWORD, confirm: PASSWORD });

  const user = await getCredentialByEmail(getDb(), { email });
  expect(await verifyPassword(user?.passwordHash ?? null, PASSWORD)).toBe(true);
  const open = await getSql()`select from sessions where user_id = ${id} and revoked_at is null`;
  expect(open).toHaveLength(0);
  expect(await showResetLink(token)).toEqual({ kind: "used" });
  await expect(
    resetPassword(visitor, { token, password: PASSWORD, confirm: PASSWORD }),
  ).rejects.toMatchObject({ status: 404 });
});

test("only an administrator makes links for passwords, and none for somebody suspended", async () => {
  const person = await makePerson({ role: "member", teamIds: [growth.id] });
  const { id } = person.principal;
  await expect(createResetLink(lead, id)).rejects.toMatchObject({ status: 404 });
  const { link } = await createResetLink(admin, id);
  await changeUser(admin, id, { is_suspended: true });
  await expect(createResetLink(admin, id)).rejects.toMatchObject({ code: "conflict" });
  expect(await showResetLink(link.split("/").at(-1) ?? "")).toEqual({ kind: "revoked" });
});
