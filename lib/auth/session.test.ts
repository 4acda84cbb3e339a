import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { getDb, getSql } from "#lib/db/client.ts";
import { refreshSettings, saveSection } from "#lib/db/settings.ts";
import { updateUser } from "#lib/db/users.ts";
import { type ConsoleWorld, openConsoleWorld } from "#lib/testing/console-world.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import {
  findSession,
  isSteppedUp,
  listLivingSessions,
  openSession,
  revokeAllSessions,
  revokeSession,
  revokeSessions,
  stepUpSession,
} from "./session.ts";

let world: ConsoleWorld;
let member: PersonActor;
let admin: PersonActor;

beforeAll(async () => {
  world = await openConsoleWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  member = await makePerson({ role: "member" });
  admin = await makePerson({ role: "admin" });
});

const open = ({ principal }: PersonActor) =>
  openSession({
    userId: principal.id,
    method: "password",
    ip: "192.0.2.7",
    userAgent: "a browser",
  });

async function age(
  id: string,
  column: "last_seen_at" | "expires_at" | "created_at",
  minutes: number,
) {
  const sql = getSql();
  await sql`update sessions set ${sql(column)} = now() - ${`${minutes} minutes`}::interval where id = ${id}`;
}

test(`${threat("T18")}: a session opens for its own id and for no other`, async () => {
  const { sid } = await open(member);
  expect((await findSession(sid))?.person).toMatchObject({
    id: member.principal.id,
    isAdmin: false,
    teams: [],
  });
  expect(
    await findSession(sid.replace(/^./, (first) => (first === "A" ? "B" : "A"))),
  ).toBeUndefined();
  expect(await findSession("")).toBeUndefined();
  expect(await findSession("x".repeat(5000))).toBeUndefined();
});

test(`${threat("T18")}: the table holds nothing that a cookie could be made of`, async () => {
  const { id, sid } = await open(member);
  const [row] = await getSql()<{ text: string }[]>`
    select to_jsonb(sessions)::text as text from sessions where id = ${id}`;
  expect(row?.text).not.toContain(sid);
  expect(row?.text).not.toContain(Buffer.from(sid, "base64url").toString("hex"));
});

test(`${threat("T18")}: a suspended person is out at the next request`, async () => {
  const { sid } = await open(member);
  await updateUser(getDb(), { id: member.principal.id, suspendedAt: new Date() });
  expect(await findSession(sid)).toBeUndefined();
});

test(`${threat("T18")}: a change of role and team holds at the next request`, async () => {
  const { sid } = await open(admin);
  await updateUser(getDb(), { id: admin.principal.id, role: "member" });
  expect((await findSession(sid))?.person.isAdmin).toBe(false);
});

test(`${threat("T18")}: a revoked session is out at once, and only by its own person`, async () => {
  const { id, sid } = await open(member);
  expect(await revokeSession({ id, userId: admin.principal.id })).toBe(false);
  expect(await findSession(sid)).toBeDefined();
  expect(await revokeSession({ id, userId: member.principal.id })).toBe(true);
  expect(await findSession(sid)).toBeUndefined();
  expect(await revokeSession({ id, userId: member.principal.id })).toBe(false);
});

test(`${threat("T18")}: signing out everywhere else leaves the one in use`, async () => {
  const [kept, other] = [await open(member), await open(member)];
  const foreign = await open(admin);
  expect(await revokeSessions({ userId: member.principal.id, exceptId: kept.id })).toBe(1);
  expect(await findSession(kept.sid)).toBeDefined();
  expect(await findSession(other.sid)).toBeUndefined();
  expect(await findSession(foreign.sid)).toBeDefined();
  await revokeAllSessions({ exceptId: kept.id });
  expect(await findSession(foreign.sid)).toBeUndefined();
  expect(await findSession(kept.sid)).toBeDefined();
});

test(`${threat("T18")}: members may rest for an hour, administrators for half of one`, async () => {
  const [mine, theirs] = [await open(member), await open(admin)];
  await age(mine.id, "last_seen_at", 45);
  await age(theirs.id, "last_seen_at", 29);
  expect(await findSession(mine.sid)).toBeDefined();
  expect(await findSession(theirs.sid)).toBeDefined();
  await age(mine.id, "last_seen_at", 61);
  await age(theirs.id, "last_seen_at", 31);
  expect(await findSession(mine.sid)).toBeUndefined();
  expect(await findSession(theirs.sid)).toBeUndefined();
});

test(`${threat("T18")}: use keeps a session from resting, but no longer than its whole time`, async () => {
  const { id, sid, expiresAt } = await open(member);
  expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(12 * 3_600_000);
  await age(id, "last_seen_at", 45);
  await findSession(sid);
  await age(id, "created_at", 0);
  expect((await listLivingSessions(member.principal))[0]?.lastSeenAt.getTime()).toBeGreaterThan(
    Date.now() - 60_000,
  );
  await age(id, "expires_at", 1);
  expect(await findSession(sid)).toBeUndefined();
});

test(`${threat("T18")}: a shorter session length holds for sessions that are open already`, async () => {
  const { id, sid } = await open(member);
  await age(id, "created_at", 90);
  expect(await findSession(sid)).toBeDefined();
  await saveSection(getDb(), {
    section: "security",
    values: { session_hours: 1, idle_minutes: 60, console_networks: [] },
    version: 2,
  });
  await refreshSettings();
  expect(await findSession(sid)).toBeUndefined();
  await getSql()`delete from settings where key = 'security'`;
  await refreshSettings();
});

test(`${threat("T18")}: a fresh proof of identity changes the id and lasts ten minutes`, async () => {
  const { id, sid } = await open(member);
  await getSql()`update sessions set stepped_up_until = now() - interval '1 second' where id = ${id}`;
  const before = await findSession(sid);
  expect(before && isSteppedUp(before.person)).toBe(false);
  const next = await stepUpSession(id);
  expect(next.sid).not.toBe(sid);
  expect(await findSession(sid)).toBeUndefined();
  const after = await findSession(next.sid);
  expect(after && isSteppedUp(after.person)).toBe(true);
  expect(after?.person.steppedUpUntil?.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
});
