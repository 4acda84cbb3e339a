import { and, asc, eq, inArray } from "drizzle-orm";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

export interface MemberRow {
  userId: string;
  email: string;
  name: string | null;
  role: "team_admin" | "member";
  createdAt: Date;
}

const COLUMNS = {
  userId: users.id,
  email: users.email,
  name: users.name,
  role: teamMembers.role,
  createdAt: teamMembers.createdAt,
};

export async function listMembers(
  db: Db,
  params: { teamId: string; limit: number; offset: number },
): Promise<Page<MemberRow>> {
  const where = eq(teamMembers.teamId, params.teamId);
  const rows = await db
    .select(COLUMNS)
    .from(teamMembers)
    .innerJoin(users, eq(users.id, teamMembers.userId))
    .where(where)
    .orderBy(asc(users.email))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(teamMembers, where) };
}

export async function getMember(
  db: Db,
  params: { teamId: string; userId: string },
): Promise<MemberRow | undefined> {
  const [row] = await db
    .select(COLUMNS)
    .from(teamMembers)
    .innerJoin(users, eq(users.id, teamMembers.userId))
    .where(and(eq(teamMembers.teamId, params.teamId), eq(teamMembers.userId, params.userId)));
  return row;
}

export async function insertMember(
  db: Db,
  params: { teamId: string; userId: string; role: "team_admin" | "member" },
): Promise<void> {
  await db
    .insert(teamMembers)
    .values({ teamId: params.teamId, userId: params.userId, role: params.role });
}

export async function updateMember(
  db: Db,
  params: { teamId: string; userId: string; role: "team_admin" | "member" },
): Promise<void> {
  await db
    .update(teamMembers)
    .set({ role: params.role })
    .where(and(eq(teamMembers.teamId, params.teamId), eq(teamMembers.userId, params.userId)));
}

export async function deleteMember(
  db: Db,
  params: { teamId: string; userId: string },
): Promise<void> {
  await db
    .delete(teamMembers)
    .where(and(eq(teamMembers.teamId, params.teamId), eq(teamMembers.userId, params.userId)));
}

/** Who leads some teams. */
export async function listTeamLeads(
  db: Db,
  params: { teamIds: readonly string[] },
): Promise<{ teamId: string; name: string | null; email: string }[]> {
  return await db
    .select({ teamId: teamMembers.teamId, name: users.name, email: users.email })
    .from(teamMembers)
    .innerJoin(users, eq(users.id, teamMembers.userId))
    .where(
      and(inArray(teamMembers.teamId, [...params.teamIds]), eq(teamMembers.role, "team_admin")),
    )
    .orderBy(asc(users.email));
}
