import { and, eq, isNull, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import type { Db } from "./client.ts";

/** What a key is made or changed with; an absent field stays as it is. */
export interface ApiKeyValues {
  note?: string | null | undefined;
  alias?: string | null | undefined;
  teamId?: string | null | undefined;
  allowedModels?: string[] | null | undefined;
  rateLimitRpm?: number | null | undefined;
  rateLimitTpm?: number | null | undefined;
  maxParallel?: number | null | undefined;
  allowedCidrs?: string[] | null | undefined;
  tags?: Record<string, string> | undefined;
  coalesce?: boolean | undefined;
  isActive?: boolean | undefined;
  expiresAt?: Date | null | undefined;
}

/** Locks a key for an edit, so that two edits of one version cannot both pass. */
export async function lockApiKey(tx: Db, params: { id: string }): Promise<void> {
  await tx.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, params.id)).for("update");
}

export async function insertApiKey(
  db: Db,
  params: { id: string; userId: string; createdAt: Date } & ApiKeyValues,
): Promise<void> {
  await db.insert(apiKeys).values({
    id: params.id,
    userId: params.userId,
    createdAt: params.createdAt,
    ...valuesOf(params),
  });
}

export async function updateApiKey(db: Db, params: { id: string } & ApiKeyValues): Promise<void> {
  await db
    .update(apiKeys)
    .set({ ...valuesOf(params), version: sql`${apiKeys.version} + 1`, updatedAt: new Date() })
    .where(eq(apiKeys.id, params.id));
}

/** Columns one by one: nothing that a caller adds to the object reaches the table. */
function valuesOf(values: ApiKeyValues) {
  return {
    alias: values.alias,
    note: values.note,
    teamId: values.teamId,
    allowedModels: values.allowedModels,
    rateLimitRpm: values.rateLimitRpm,
    rateLimitTpm: values.rateLimitTpm,
    maxParallel: values.maxParallel,
    allowedCidrs: values.allowedCidrs,
    tags: values.tags,
    coalesce: values.coalesce,
    isActive: values.isActive,
    expiresAt: values.expiresAt,
  };
}

export async function revokeApiKey(db: Db, params: { id: string; at: Date }): Promise<void> {
  await db
    .update(apiKeys)
    .set({ revokedAt: params.at, version: sql`${apiKeys.version} + 1`, updatedAt: params.at })
    .where(and(eq(apiKeys.id, params.id), isNull(apiKeys.revokedAt)));
}
