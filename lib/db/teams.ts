import { and, asc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { teams } from "#drizzle/schema/teams.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

export interface TeamRow {
  id: string;
  name: string;
  allowedModels: string[] | null;
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  maxParallel: number | null;
  payloadStorage: "metadata" | "full" | null;
  shareCache: boolean;
  version: number;
  memberCount: number;
  createdAt: Date;
}

/** What a team is made or changed with; an absent field stays as it is. */
export interface TeamValues {
  name?: string | undefined;
  allowedModels?: string[] | null | undefined;
  rateLimitRpm?: number | null | undefined;
  rateLimitTpm?: number | null | undefined;
  maxParallel?: number | null | undefined;
  payloadStorage?: "metadata" | "full" | null | undefined;
  shareCache?: boolean | undefined;
}

const COLUMNS = {
  id: teams.id,
  name: teams.name,
  allowedModels: teams.allowedModels,
  rateLimitRpm: teams.rateLimitRpm,
  rateLimitTpm: teams.rateLimitTpm,
  maxParallel: teams.maxParallel,
  payloadStorage: teams.payloadStorage,
  shareCache: teams.shareCache,
  version: teams.version,
  memberCount: sql<number>`(
    select count(*) from ${teamMembers} where ${teamMembers.teamId} = ${teams.id}
  )`.mapWith(Number),
  createdAt: teams.createdAt,
};

const LIVING: SQL = isNull(teams.deletedAt);

export async function listTeams(
  db: Db,
  params: {
    limit: number;
    offset: number;
    name?: string | undefined;
    /** Only these; every team when left out. */
    ids?: readonly string[] | undefined;
  },
): Promise<Page<TeamRow>> {
  const where = and(
    LIVING,
    params.name === undefined ? undefined : eq(teams.name, params.name),
    params.ids === undefined ? undefined : inArray(teams.id, [...params.ids]),
  );
  const rows = await db
    .select(COLUMNS)
    .from(teams)
    .where(where)
    .orderBy(asc(teams.name), asc(teams.id))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(teams, where) };
}

/** Locks a team for an edit, so that two edits of one version cannot both pass. */
export async function lockTeam(tx: Db, params: { id: string }): Promise<void> {
  await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, params.id)).for("update");
}

export async function getTeam(db: Db, params: { id: string }): Promise<TeamRow | undefined> {
  const [row] = await db
    .select(COLUMNS)
    .from(teams)
    .where(and(LIVING, eq(teams.id, params.id)));
  return row;
}

export async function insertTeam(
  db: Db,
  params: { id: string; name: string } & TeamValues,
): Promise<void> {
  await db.insert(teams).values({
    id: params.id,
    name: params.name,
    allowedModels: params.allowedModels,
    rateLimitRpm: params.rateLimitRpm,
    rateLimitTpm: params.rateLimitTpm,
    maxParallel: params.maxParallel,
  });
}

export async function updateTeam(db: Db, params: { id: string } & TeamValues): Promise<void> {
  await db
    .update(teams)
    .set({
      name: params.name,
      allowedModels: params.allowedModels,
      rateLimitRpm: params.rateLimitRpm,
      rateLimitTpm: params.rateLimitTpm,
      maxParallel: params.maxParallel,
      payloadStorage: params.payloadStorage,
      shareCache: params.shareCache,
      version: sql`${teams.version} + 1`,
      updatedAt: new Date(),
    })
    .where(and(LIVING, eq(teams.id, params.id)));
}

/** The row stays, because log rows name it; its memberships go, and its keys are refused. */
export async function deleteTeam(db: Db, params: { id: string }): Promise<void> {
  await db.delete(teamMembers).where(eq(teamMembers.teamId, params.id));
  await db.update(teams).set({ deletedAt: new Date() }).where(eq(teams.id, params.id));
}
