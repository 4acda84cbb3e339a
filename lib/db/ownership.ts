import { and, eq, gte, inArray, isNull, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

/** What belongs to a person or a team, and what becomes of it when they go. */
export type Owner = { userId: string } | { teamId: string };

function ownedKeys(owner: Owner) {
  return "userId" in owner ? eq(apiKeys.userId, owner.userId) : eq(apiKeys.teamId, owner.teamId);
}

/** Keys that are not revoked. */
export async function countLivingKeys(db: Db, owner: Owner): Promise<number> {
  return await db.$count(
    apiKeys,
    and(ownedKeys(owner), isNull(apiKeys.revokedAt), eq(apiKeys.kind, "app")),
  );
}

export async function countRequestsSince(
  db: Db,
  params: { owner: Owner; since: Date },
): Promise<number> {
  const { owner, since } = params;
  const owned =
    "userId" in owner ? eq(requestLogs.userId, owner.userId) : eq(requestLogs.teamId, owner.teamId);
  return await db.$count(requestLogs, and(owned, gte(requestLogs.createdAt, since)));
}

/** Ends every key of an owner for good, and says how many that were. */
export async function revokeKeysOf(
  db: Db,
  params: { owner: Owner; at: Date; onlyPlayground?: true },
): Promise<number> {
  const { owner, at, onlyPlayground } = params;
  const rows = await db
    .update(apiKeys)
    .set({ revokedAt: at, version: sql`${apiKeys.version} + 1`, updatedAt: at })
    .where(
      and(
        ownedKeys(owner),
        isNull(apiKeys.revokedAt),
        onlyPlayground === true ? eq(apiKeys.kind, "playground") : undefined,
      ),
    )
    .returning({ id: apiKeys.id });
  return rows.length;
}

/** Gives the living keys of one person to another one. Revoked ones stay with whom they were used by. */
export async function transferKeys(
  db: Db,
  params: { from: string; to: string; at: Date },
): Promise<number> {
  const rows = await db
    .update(apiKeys)
    .set({ userId: params.to, version: sql`${apiKeys.version} + 1`, updatedAt: params.at })
    .where(and(eq(apiKeys.userId, params.from), isNull(apiKeys.revokedAt), eq(apiKeys.kind, "app")))
    .returning({ id: apiKeys.id });
  return rows.length;
}

/** Moves the living keys of one team to another one. */
export async function moveKeys(
  db: Db,
  params: { from: string; to: string; at: Date },
): Promise<number> {
  const rows = await db
    .update(apiKeys)
    .set({ teamId: params.to, version: sql`${apiKeys.version} + 1`, updatedAt: params.at })
    .where(and(eq(apiKeys.teamId, params.from), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  return rows.length;
}

/** Takes away every way in and every team; the row stays, because log entries name it. */
export async function retireUser(db: Db, params: { id: string; at: Date }): Promise<void> {
  await db.delete(teamMembers).where(eq(teamMembers.userId, params.id));
  await db
    .update(users)
    .set({
      role: "member",
      passwordHash: null,
      oidcSubject: null,
      suspendedAt: params.at,
      version: sql`${users.version} + 1`,
      updatedAt: params.at,
    })
    .where(eq(users.id, params.id));
}

/** The keys of some teams that are not revoked, by team. */
export async function countKeysOfTeams(
  db: Db,
  params: { teamIds: readonly string[] },
): Promise<Map<string, number>> {
  const rows = await db
    .select({ teamId: apiKeys.teamId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(apiKeys)
    .where(
      and(
        inArray(apiKeys.teamId, [...params.teamIds]),
        isNull(apiKeys.revokedAt),
        eq(apiKeys.kind, "app"),
      ),
    )
    .groupBy(apiKeys.teamId);
  return new Map(rows.map(({ teamId, count }) => [teamId ?? "", count]));
}
