import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

/** Names of the people who lead any of these teams, or of the administrators where nobody does. */
export async function listLeads(db: Db, params: { teamIds: readonly string[] }): Promise<string[]> {
  const name = sql<string>`coalesce(${users.name}, ${users.email})`;
  const leads =
    params.teamIds.length === 0
      ? []
      : await db
          .selectDistinct({ name })
          .from(teamMembers)
          .innerJoin(users, eq(users.id, teamMembers.userId))
          .where(
            and(
              eq(teamMembers.role, "team_admin"),
              inArray(teamMembers.teamId, [...params.teamIds]),
              isNull(users.suspendedAt),
            ),
          )
          .limit(5);
  if (leads.length > 0) {
    return leads.map((lead) => lead.name);
  }
  const admins = await db
    .select({ name })
    .from(users)
    .where(and(eq(users.role, "admin"), isNull(users.suspendedAt)))
    .orderBy(asc(users.createdAt))
    .limit(5);
  return admins.map((admin) => admin.name);
}
