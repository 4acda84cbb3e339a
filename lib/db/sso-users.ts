import { and, eq, inArray, isNull } from "drizzle-orm";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

export interface SsoUserRow {
  id: string;
  email: string;
  role: "admin" | "member";
  oidcSubject: string | null;
  suspendedAt: Date | null;
}

const COLUMNS = {
  id: users.id,
  email: users.email,
  role: users.role,
  oidcSubject: users.oidcSubject,
  suspendedAt: users.suspendedAt,
};

export async function getUserByOidcSubject(
  db: Db,
  params: { subject: string },
): Promise<SsoUserRow | undefined> {
  const [row] = await db.select(COLUMNS).from(users).where(eq(users.oidcSubject, params.subject));
  return row;
}

export async function getSsoUserByEmail(
  db: Db,
  params: { email: string },
): Promise<SsoUserRow | undefined> {
  const [row] = await db.select(COLUMNS).from(users).where(eq(users.email, params.email));
  return row;
}

/**
 * Binds an account to a subject of the identity provider, once, and ends its password unless that is
 * to stay. `false` when it was bound already, and then nothing changes.
 */
export async function linkOidcSubject(
  db: Db,
  params: { id: string; subject: string; keepsPassword: boolean },
): Promise<boolean> {
  const linked = await db
    .update(users)
    .set({
      oidcSubject: params.subject,
      updatedAt: new Date(),
      ...(params.keepsPassword ? {} : { passwordHash: null }),
    })
    .where(and(eq(users.id, params.id), isNull(users.oidcSubject)))
    .returning({ id: users.id });
  return linked.length > 0;
}

/** Those of some teams that still exist. */
export async function livingTeamIds(db: Db, params: { ids: readonly string[] }): Promise<string[]> {
  const rows = await db
    .select({ id: teams.id })
    .from(teams)
    .where(and(inArray(teams.id, [...params.ids]), isNull(teams.deletedAt)));
  return rows.map(({ id }) => id);
}

/** The roles of a person in some teams. */
export async function listRolesIn(
  db: Db,
  params: { userId: string; teamIds: readonly string[] },
): Promise<{ teamId: string; role: "team_admin" | "member" }[]> {
  return await db
    .select({ teamId: teamMembers.teamId, role: teamMembers.role })
    .from(teamMembers)
    .where(
      and(eq(teamMembers.userId, params.userId), inArray(teamMembers.teamId, [...params.teamIds])),
    );
}
