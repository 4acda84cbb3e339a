import { and, asc, count, eq, inArray, or } from "drizzle-orm";
import { savedViews } from "#drizzle/schema/saved-views.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

export interface SavedViewRow {
  id: string;
  userId: string;
  ownerEmail: string;
  teamId: string | null;
  teamName: string | null;
  page: string;
  name: string;
  query: string;
}

const COLUMNS = {
  id: savedViews.id,
  userId: savedViews.userId,
  ownerEmail: users.email,
  teamId: savedViews.teamId,
  teamName: teams.name,
  page: savedViews.page,
  name: savedViews.name,
  query: savedViews.query,
};

/** A person's own views of a page, and those that are shared with these teams, by name. */
export async function listSavedViews(
  db: Db,
  params: { page: string; userId: string; teamIds: readonly string[] },
): Promise<SavedViewRow[]> {
  const reach = or(
    eq(savedViews.userId, params.userId),
    params.teamIds.length === 0 ? undefined : inArray(savedViews.teamId, [...params.teamIds]),
  );
  return await db
    .select(COLUMNS)
    .from(savedViews)
    .innerJoin(users, eq(users.id, savedViews.userId))
    .leftJoin(teams, eq(teams.id, savedViews.teamId))
    .where(and(eq(savedViews.page, params.page), reach))
    .orderBy(asc(savedViews.name), asc(savedViews.id));
}

export async function getSavedView(
  db: Db,
  params: { id: string },
): Promise<SavedViewRow | undefined> {
  const [row] = await db
    .select(COLUMNS)
    .from(savedViews)
    .innerJoin(users, eq(users.id, savedViews.userId))
    .leftJoin(teams, eq(teams.id, savedViews.teamId))
    .where(eq(savedViews.id, params.id));
  return row;
}

export async function countSavedViews(db: Db, params: { userId: string }): Promise<number> {
  const [row] = await db
    .select({ views: count() })
    .from(savedViews)
    .where(eq(savedViews.userId, params.userId));
  return row?.views ?? 0;
}

export async function insertSavedView(
  db: Db,
  params: {
    id: string;
    userId: string;
    teamId: string | null;
    page: string;
    name: string;
    query: string;
  },
): Promise<void> {
  await db.insert(savedViews).values(params);
}

export async function deleteSavedView(db: Db, params: { id: string }): Promise<void> {
  await db.delete(savedViews).where(eq(savedViews.id, params.id));
}
