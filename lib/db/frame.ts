import { and, asc, eq, isNotNull, isNull, or } from "drizzle-orm";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

/** Names of the living teams, for the choice of one at the top of every page. */
export async function listTeamNames(
  db: Db,
  params: { limit: number },
): Promise<{ id: string; name: string }[]> {
  return await db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(isNull(teams.deletedAt))
    .orderBy(asc(teams.name), asc(teams.id))
    .limit(params.limit);
}

/** Admins who can sign in, for whoever has to ask one. */
export async function listAdminContacts(
  db: Db,
  params: { limit: number },
): Promise<{ name: string | null; email: string }[]> {
  return await db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(
      and(
        eq(users.role, "admin"),
        isNull(users.suspendedAt),
        or(isNotNull(users.passwordHash), isNotNull(users.oidcSubject)),
      ),
    )
    .orderBy(asc(users.createdAt), asc(users.id))
    .limit(params.limit);
}
