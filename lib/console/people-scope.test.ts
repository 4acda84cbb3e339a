import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticateKey } from "#lib/auth/api-key.ts";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeSession, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { addMember, removeMember, showMembers } from "./members.ts";
import { showPeople, showPersonEffect } from "./people.ts";
import { removePerson } from "./person-removal.ts";
import { showTeamBoard, teamPowers } from "./team-board.ts";
import { deleteTeamWithKeys, showTeamEffect } from "./team-removal.ts";
import { changeTeam, showTeam, showTeams } from "./teams.ts";
import { changeUser, showUser, showUsers } from "./users.ts";

let api: AdminApi;
let growth: { id: string; name: string };
let payments: { id: string; name: string };
let admin: PersonActor;
let lead: PersonActor;
let member: PersonActor;
let stranger: PersonActor;

beforeAll(async () => {
  api = await openAdminApi();
  growth = await makeTeam("Growth");
  payments = await makeTeam("Payments");
  admin = await makePerson({ role: "admin", name: "Admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [growth.id], name: "Lead" });
  member = await makePerson({ role: "member", teamIds: [growth.id], name: "Member" });
  stranger = await makePerson({ role: "member", teamIds: [payments.id], name: "Stranger" });
});
afterAll(() => api.close());

const page = { limit: 50, offset: 0 };
const call = (key: string) =>
  authenticateKey({ authorization: `Bearer ${key}`, apiKey: undefined, ip: null });

async function makeKey(owner: PersonActor, teamId?: string) {
  const body = { user_email: owner.principal.email, alias: "k", team_id: teamId };
  return (await api.ok("POST", "/keys", body)) as { id: string; key: string };
}

test(`${threat("T7")}: people are listed as far as one reaches`, async () => {
  const names = async (actor: PersonActor) =>
    (await showPeople(actor, { offset: 0 })).people.map(({ name }) => name).sort();

  expect(await names(admin)).toEqual(["Admin", "Lead", "Member", "Stranger"]);
  expect(await names(lead)).toEqual(["Lead", "Member"]);
  expect(await names(member)).toEqual(["Member"]);
  expect((await showUsers(lead, page)).total).toBe(2);
  await expect(showUser(lead, stranger.principal.id)).rejects.toMatchObject({ status: 404 });
  await expect(showPersonEffect(lead, stranger.principal.id)).rejects.toMatchObject({
    status: 404,
  });
});

test(`${threat("T7")}: a team's admin is not told of a member's other teams`, async () => {
  await getSql()`insert into team_members (team_id, user_id)
    values (${payments.id}, ${member.principal.id})`;
  const teamsOf = async (actor: PersonActor) => {
    const { people } = await showPeople(actor, { offset: 0, text: member.principal.email });
    return people[0]?.teams.map(({ name }) => name);
  };
  expect(await teamsOf(admin)).toEqual(["Growth", "Payments"]);
  expect(await teamsOf(lead)).toEqual(["Growth"]);
  await getSql()`delete from team_members
    where team_id = ${payments.id} and user_id = ${member.principal.id}`;
});

test("each filter leaves out who does not match", async () => {
  await getSql()`update users set password_hash = 'x' where id = ${lead.principal.id}`;
  const names = async (query: Partial<Parameters<typeof showPeople>[1]>) =>
    (await showPeople(admin, { offset: 0, ...query })).people.map(({ name }) => name).sort();

  expect(await names({ role: "admin" })).toEqual(["Admin"]);
  expect(await names({ role: "team_admin" })).toEqual(["Lead"]);
  expect(await names({ role: "member" })).toEqual(["Member", "Stranger"]);
  expect(await names({ teamId: payments.id })).toEqual(["Stranger"]);
  expect(await names({ method: "password" })).toEqual(["Lead"]);
  expect(await names({ status: "active" })).toEqual(["Lead"]);
  expect(await names({ status: "no_sign_in" })).toEqual(["Admin", "Member", "Stranger"]);
  expect(await names({ text: "STRANGER" })).toEqual(["Stranger"]);
  expect(await names({ text: "%" })).toEqual([]);
});

test("keys are counted by owner, and not all of them for everybody", async () => {
  await makeKey(stranger);
  const { people } = await showPeople(admin, { offset: 0 });
  expect(people.map(({ name, key_count }) => [name, key_count])).toContainEqual(["Stranger", 1]);
  expect(people.map(({ name, key_count }) => [name, key_count])).toContainEqual(["Member", 0]);
});

test(`${threat("T7")}: a team is seen by who is in it and changed by who leads it`, async () => {
  expect((await showTeams(member, page)).teams.map(({ name }) => name)).toEqual(["Growth"]);
  expect((await showTeams(admin, page)).total).toBe(2);
  expect((await showTeam(member, growth.id)).name).toBe("Growth");
  await expect(showTeam(member, payments.id)).rejects.toMatchObject({ status: 404 });
  await expect(showTeam(lead, payments.id)).rejects.toMatchObject({ status: 404 });
  await expect(changeTeam(member, growth.id, { name: "x" })).rejects.toMatchObject({ status: 404 });
  await expect(changeTeam(lead, payments.id, { name: "x" })).rejects.toMatchObject({ status: 404 });
  expect((await changeTeam(lead, growth.id, { name: "Growth 2" })).name).toBe("Growth 2");
  await changeTeam(admin, growth.id, { name: "Growth" });
  expect(teamPowers(member, growth.id)).toEqual({ leads: false, manages: false });
  expect(teamPowers(lead, growth.id)).toEqual({ leads: true, manages: false });
  expect(teamPowers(lead, payments.id)).toEqual({ leads: false, manages: false });
});

test(`${threat("T7")}: who only belongs to a team is not told who else does`, async () => {
  await expect(showMembers(member, growth.id, page)).rejects.toMatchObject({ status: 404 });
  expect((await showMembers(lead, growth.id, page)).total).toBe(2);
  await expect(showMembers(lead, payments.id, page)).rejects.toMatchObject({ status: 404 });
});

test(`${threat("T7")}: a leader adds and removes people of the own team alone`, async () => {
  const input = { user_email: stranger.principal.email, role: "member" as const };
  await expect(addMember(lead, payments.id, input)).rejects.toMatchObject({ status: 404 });
  await addMember(lead, growth.id, input);
  const place = { teamId: growth.id, userId: stranger.principal.id };
  await expect(removeMember(stranger, place)).rejects.toMatchObject({ status: 404 });
  await removeMember(lead, place);
  expect((await showMembers(lead, growth.id, page)).total).toBe(2);
});

test("the second of two edits of one team is told of the first", async () => {
  const { version } = await showTeam(admin, growth.id);
  await changeTeam(admin, growth.id, { rate_limit_rpm: 7, expected_version: version });

  await expect(
    changeTeam(admin, growth.id, { rate_limit_rpm: 9, expected_version: version }),
  ).rejects.toMatchObject({
    code: "conflict",
    current: { rate_limit_rpm: 7, version: version + 1, changed_by: admin.principal.email },
  });
  await changeTeam(admin, growth.id, { rate_limit_rpm: null });
});

test("the board counts keys and names who leads", async () => {
  await makeKey(member, growth.id);
  const { teams } = await showTeamBoard(admin, page);
  expect(teams).toMatchObject([
    { name: "Growth", leads: ["Lead"], key_count: 1 },
    { name: "Payments", leads: [], key_count: 0 },
  ]);
});

test("suspending somebody ends their sessions at once", async () => {
  const person = await makePerson({ role: "member" });
  await makeSession(person.principal.id);
  await changeUser(admin, person.principal.id, { is_suspended: true });
  const open = await getSql()`select from sessions
    where user_id = ${person.principal.id} and revoked_at is null`;
  expect(open).toHaveLength(0);
});

test("who is removed leaves working keys behind, with a new owner", async () => {
  const leaving = await makePerson({ role: "member", teamIds: [growth.id] });
  const { id } = leaving.principal;
  const { key } = await makeKey(leaving);
  await makeSession(id);
  expect(await showPersonEffect(admin, id)).toMatchObject({ key_count: 1, session_count: 1 });

  await expect(removePerson(admin, { id })).rejects.toMatchObject({ param: "keys" });
  await expect(removePerson(admin, { id, keys: "transfer" })).rejects.toMatchObject({
    param: "transfer_to",
  });
  await expect(
    removePerson(admin, { id, keys: "transfer", transfer_to: id }),
  ).rejects.toMatchObject({ param: "transfer_to" });
  await removePerson(admin, { id, keys: "transfer", transfer_to: member.principal.id });

  expect((await call(key)).userId).toBe(member.principal.id);
  const { people } = await showPeople(admin, { offset: 0, text: leaving.principal.email });
  expect(people).toEqual([]);
  const removed = await showPeople(admin, {
    offset: 0,
    status: "removed",
    text: leaving.principal.email,
  });
  expect(removed.people).toMatchObject([{ id, teams: [], methods: [] }]);
  const open = await getSql()`select from sessions where user_id = ${id} and revoked_at is null`;
  expect(open).toHaveLength(0);
});

test("a suspended owner of keys stays in the list, where the suspension is lifted", async () => {
  const service = await makePerson({ role: "member" });
  await makeKey(service);
  await changeUser(admin, service.principal.id, { is_suspended: true });
  const { people } = await showPeople(admin, { offset: 0, text: service.principal.email });
  expect(people).toMatchObject([{ status: "suspended", key_count: 1 }]);
});

test("keys that nobody takes over are refused at once", async () => {
  const leaving = await makePerson({ role: "member" });
  const { key } = await makeKey(leaving);
  await removePerson(admin, { id: leaving.principal.id, keys: "revoke" });
  await expect(call(key)).rejects.toMatchObject({ status: 401 });
});

test("keys are not given to somebody whose keys are refused", async () => {
  const leaving = await makePerson({ role: "member" });
  const suspended = await makePerson({ role: "member" });
  await changeUser(admin, suspended.principal.id, { is_suspended: true });
  await makeKey(leaving);
  await expect(
    removePerson(admin, {
      id: leaving.principal.id,
      keys: "transfer",
      transfer_to: suspended.principal.id,
    }),
  ).rejects.toMatchObject({ param: "transfer_to" });
});

test("the last administrator who can sign in stays one, whatever others there are", async () => {
  const { id } = admin.principal;
  await getSql()`update users set password_hash = 'x' where id = ${id}`;
  // An administrator in name only: nobody can sign in as this one.
  await makePerson({ role: "admin" });

  await expect(changeUser(admin, id, { role: "member" })).rejects.toMatchObject({ status: 409 });
  await expect(changeUser(admin, id, { is_suspended: true })).rejects.toMatchObject({
    status: 409,
  });
  await expect(removePerson(admin, { id, keys: "revoke" })).rejects.toMatchObject({ status: 409 });
});

test("only an administrator removes people and teams", async () => {
  await expect(
    removePerson(lead, { id: member.principal.id, keys: "revoke" }),
  ).rejects.toMatchObject({ status: 404 });
  await expect(deleteTeamWithKeys(lead, { id: growth.id, keys: "revoke" })).rejects.toMatchObject({
    status: 404,
  });
});

test("a deleted team hands its keys to another one, or ends them", async () => {
  const [old, heir, last] = [await makeTeam("Old"), await makeTeam("Heir"), await makeTeam("Last")];
  const moved = await makeKey(member, old.id);
  const ended = await makeKey(member, last.id);
  expect(await showTeamEffect(admin, old.id)).toMatchObject({ key_count: 1 });

  await expect(deleteTeamWithKeys(admin, { id: old.id, keys: "move" })).rejects.toMatchObject({
    param: "move_to",
  });
  await deleteTeamWithKeys(admin, { id: old.id, keys: "move", move_to: heir.id });
  await deleteTeamWithKeys(admin, { id: last.id, keys: "revoke" });

  expect((await call(moved.key)).teamName).toBe("Heir");
  await expect(call(ended.key)).rejects.toMatchObject({ status: 401 });
  await expect(showTeam(admin, old.id)).rejects.toMatchObject({ status: 404 });
});
