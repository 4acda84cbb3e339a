import { and, desc, eq, gt, isNull, lt, ne, type SQL } from "drizzle-orm";
import { sessions } from "#drizzle/schema/sessions.ts";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

export type SessionMethod = "password" | "oidc";

/** A session with its person, as every request of the console needs them. */
export interface SessionRow {
  id: string;
  userId: string;
  method: SessionMethod;
  steppedUpUntil: Date | null;
  lastSeenAt: Date;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  email: string;
  name: string | null;
  role: "admin" | "member";
  suspendedAt: Date | null;
}

export async function getSessionByDigest(
  db: Db,
  params: { digest: Buffer },
): Promise<SessionRow | undefined> {
  return await getSession(db, eq(sessions.digest, params.digest));
}

/** For what was opened with a session and outlives the request: is it still good? */
export async function getSessionById(
  db: Db,
  params: { id: string },
): Promise<SessionRow | undefined> {
  return await getSession(db, eq(sessions.id, params.id));
}

async function getSession(db: Db, where: SQL): Promise<SessionRow | undefined> {
  const [row] = await db
    .select({
      id: sessions.id,
      userId: sessions.userId,
      method: sessions.method,
      steppedUpUntil: sessions.steppedUpUntil,
      lastSeenAt: sessions.lastSeenAt,
      createdAt: sessions.createdAt,
      expiresAt: sessions.expiresAt,
      revokedAt: sessions.revokedAt,
      email: users.email,
      name: users.name,
      role: users.role,
      suspendedAt: users.suspendedAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(where);
  return row;
}

/** The living teams of a person and what they are there. */
export async function listTeamsOfUser(
  db: Db,
  params: { userId: string },
): Promise<{ id: string; name: string; role: "team_admin" | "member" }[]> {
  return await db
    .select({ id: teams.id, name: teams.name, role: teamMembers.role })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(and(eq(teamMembers.userId, params.userId), isNull(teams.deletedAt)))
    .orderBy(teams.name);
}

export async function insertSession(
  db: Db,
  params: {
    id: string;
    digest: Buffer;
    userId: string;
    method: SessionMethod;
    steppedUpUntil: Date | null;
    expiresAt: Date;
    ip: string | null;
    userAgent: string | null;
  },
): Promise<void> {
  await db.insert(sessions).values(params);
}

/** Gives a session a new opaque id and a fresh proof of identity; the old id is void at once. */
export async function renewSession(
  db: Db,
  params: { id: string; digest: Buffer; steppedUpUntil: Date },
): Promise<void> {
  await db
    .update(sessions)
    .set({
      digest: params.digest,
      steppedUpUntil: params.steppedUpUntil,
      lastSeenAt: new Date(),
    })
    .where(and(eq(sessions.id, params.id), isNull(sessions.revokedAt)));
}

/** Notes that a person is there, for the idle limit and for the list of members. */
export async function touchSession(
  db: Db,
  params: { id: string; userId: string; at: Date },
): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: params.at }).where(eq(sessions.id, params.id));
  await db.update(users).set({ lastSeenAt: params.at }).where(eq(users.id, params.userId));
}

/** Ends one session of a person. `false` when that person has no such living session. */
export async function endSession(db: Db, params: { id: string; userId: string }): Promise<boolean> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: new Date() })
    .where(
      and(
        eq(sessions.id, params.id),
        eq(sessions.userId, params.userId),
        isNull(sessions.revokedAt),
      ),
    )
    .returning({ id: sessions.id });
  return ended.length > 0;
}

/** Ends the sessions of one person, or of everybody, but for one. Gives how many there were. */
export async function endSessions(
  db: Db,
  params: { userId?: string | undefined; exceptId?: string | undefined },
): Promise<number> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: new Date() })
    .where(
      and(
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, new Date()),
        params.userId === undefined ? undefined : eq(sessions.userId, params.userId),
        params.exceptId === undefined ? undefined : ne(sessions.id, params.exceptId),
      ),
    )
    .returning({ id: sessions.id });
  return ended.length;
}

export interface SessionListRow {
  id: string;
  method: SessionMethod;
  ip: string | null;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}

/** The sessions of a person that have neither ended nor been idle since `idleSince`, newest first. */
export async function listSessions(
  db: Db,
  params: { userId: string; idleSince: Date },
): Promise<SessionListRow[]> {
  return await db
    .select({
      id: sessions.id,
      method: sessions.method,
      ip: sessions.ip,
      userAgent: sessions.userAgent,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, params.userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, new Date()),
        gt(sessions.lastSeenAt, params.idleSince),
      ),
    )
    .orderBy(desc(sessions.createdAt));
}

/** Removes rows that have been over since `before`. */
export async function deleteOldSessions(
  db: Db,
  params: { userId: string; before: Date },
): Promise<void> {
  await db
    .delete(sessions)
    .where(and(eq(sessions.userId, params.userId), lt(sessions.expiresAt, params.before)));
}
