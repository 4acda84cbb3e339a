import { asc, eq, inArray, sql } from "drizzle-orm";
import { aliasMembers } from "#drizzle/schema/alias-members.ts";
import { aliases } from "#drizzle/schema/aliases.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { RoutingStrategy } from "#lib/contract/snapshot.ts";
import type { Db } from "./client.ts";

export interface AliasRow {
  id: string;
  name: string;
  strategy: RoutingStrategy;
  maxAttempts: number | null;
  fallbacks: string[];
  timeoutMs: number | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface AliasMemberRow {
  aliasId: string;
  deploymentId: string;
  deploymentName: string;
  isActive: boolean;
  priority: number;
  weight: number;
}

/** What an alias is made or changed with; an absent field stays as it is. */
export interface AliasValues {
  strategy?: RoutingStrategy | undefined;
  maxAttempts?: number | null | undefined;
  fallbacks?: string[] | undefined;
  timeoutMs?: number | null | undefined;
}

export interface MemberValues {
  deploymentId: string;
  priority: number;
  weight: number;
}

const COLUMNS = {
  id: aliases.id,
  name: aliases.name,
  strategy: aliases.strategy,
  maxAttempts: aliases.maxAttempts,
  fallbacks: aliases.fallbacks,
  timeoutMs: aliases.timeoutMs,
  version: aliases.version,
  createdAt: aliases.createdAt,
  updatedAt: aliases.updatedAt,
};

export async function listAliases(
  db: Db,
  params: { limit: number; offset: number },
): Promise<Page<AliasRow>> {
  const rows = await db
    .select(COLUMNS)
    .from(aliases)
    .orderBy(asc(aliases.name))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(aliases) };
}

export async function getAlias(db: Db, params: { name: string }): Promise<AliasRow | undefined> {
  const [row] = await db.select(COLUMNS).from(aliases).where(eq(aliases.name, params.name));
  return row;
}

/** `getAlias` that keeps others from changing the row until the transaction ends. */
export async function lockAlias(tx: Db, params: { name: string }): Promise<AliasRow | undefined> {
  const [row] = await tx
    .select(COLUMNS)
    .from(aliases)
    .where(eq(aliases.name, params.name))
    .for("update");
  return row;
}

/** Where every alias goes on to, for finding circles before they are saved. */
export async function listFallbacks(db: Db): Promise<Map<string, string[]>> {
  const rows = await db.select({ name: aliases.name, fallbacks: aliases.fallbacks }).from(aliases);
  return new Map(rows.map((row) => [row.name, row.fallbacks]));
}

export async function listMembersOf(
  db: Db,
  params: { aliasIds: readonly string[] },
): Promise<AliasMemberRow[]> {
  if (params.aliasIds.length === 0) {
    return [];
  }
  return await db
    .select({
      aliasId: aliasMembers.aliasId,
      deploymentId: aliasMembers.deploymentId,
      deploymentName: deployments.name,
      isActive: deployments.isActive,
      priority: aliasMembers.priority,
      weight: aliasMembers.weight,
    })
    .from(aliasMembers)
    .innerJoin(deployments, eq(deployments.id, aliasMembers.deploymentId))
    .where(inArray(aliasMembers.aliasId, [...params.aliasIds]))
    .orderBy(asc(aliasMembers.priority), asc(deployments.name));
}

export async function insertAlias(
  db: Db,
  params: { id: string; name: string } & AliasValues,
): Promise<void> {
  await db.insert(aliases).values({
    id: params.id,
    name: params.name,
    strategy: params.strategy,
    maxAttempts: params.maxAttempts,
    fallbacks: params.fallbacks,
    timeoutMs: params.timeoutMs,
  });
}

export async function updateAlias(db: Db, params: { id: string } & AliasValues): Promise<void> {
  await db
    .update(aliases)
    .set({
      strategy: params.strategy,
      maxAttempts: params.maxAttempts,
      fallbacks: params.fallbacks,
      timeoutMs: params.timeoutMs,
      version: sql`${aliases.version} + 1`,
      updatedAt: new Date(),
    })
    .where(eq(aliases.id, params.id));
}

/** Puts these members in the place of those there were. */
export async function replaceMembers(
  db: Db,
  params: { aliasId: string; members: readonly MemberValues[] },
): Promise<void> {
  await db.delete(aliasMembers).where(eq(aliasMembers.aliasId, params.aliasId));
  if (params.members.length > 0) {
    await db.insert(aliasMembers).values(
      params.members.map((member) => ({
        aliasId: params.aliasId,
        deploymentId: member.deploymentId,
        priority: member.priority,
        weight: member.weight,
      })),
    );
  }
}

export async function deleteAlias(db: Db, params: { id: string }): Promise<void> {
  await db.delete(aliases).where(eq(aliases.id, params.id));
}
