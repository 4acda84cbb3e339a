import { and, desc, eq, gt, isNotNull, isNull, lte, or, type SQL } from "drizzle-orm";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

/** A key with its owner and the hint of its present secret. */
export interface ApiKeyRow {
  id: string;
  alias: string | null;
  hint: string | null;
  userId: string;
  userEmail: string;
  teamId: string | null;
  allowedModels: string[] | null;
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  maxParallel: number | null;
  allowedCidrs: string[] | null;
  tags: Record<string, string>;
  isActive: boolean;
  revokedAt: Date | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** What a key is made or changed with; an absent field stays as it is. */
export interface ApiKeyValues {
  alias?: string | null | undefined;
  teamId?: string | null | undefined;
  allowedModels?: string[] | null | undefined;
  rateLimitRpm?: number | null | undefined;
  rateLimitTpm?: number | null | undefined;
  maxParallel?: number | null | undefined;
  allowedCidrs?: string[] | null | undefined;
  tags?: Record<string, string> | undefined;
  isActive?: boolean | undefined;
  expiresAt?: Date | null | undefined;
}

const COLUMNS = {
  id: apiKeys.id,
  alias: apiKeys.alias,
  hint: apiKeySecrets.hint,
  userId: apiKeys.userId,
  userEmail: users.email,
  teamId: apiKeys.teamId,
  allowedModels: apiKeys.allowedModels,
  rateLimitRpm: apiKeys.rateLimitRpm,
  rateLimitTpm: apiKeys.rateLimitTpm,
  maxParallel: apiKeys.maxParallel,
  allowedCidrs: apiKeys.allowedCidrs,
  tags: apiKeys.tags,
  isActive: apiKeys.isActive,
  revokedAt: apiKeys.revokedAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  createdAt: apiKeys.createdAt,
};

export interface ApiKeyFilter {
  limit: number;
  offset: number;
  userId?: string | undefined;
  userEmail?: string | undefined;
  teamId?: string | undefined;
  alias?: string | undefined;
  status?: "revoked" | "disabled" | "expired" | "active" | undefined;
  includeRevoked: boolean;
  now: Date;
}

export async function listApiKeys(db: Db, filter: ApiKeyFilter): Promise<Page<ApiKeyRow>> {
  const where = and(...conditionsOf(filter));
  const rows = await selectKeys(db)
    .where(where)
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(filter.limit)
    .offset(filter.offset);
  const counted = db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(where)
    .as("counted");
  return { rows, total: await db.$count(counted) };
}

/** A key has one present secret; the one that a rotation replaced carries its end. */
function selectKeys(db: Db) {
  return db
    .select(COLUMNS)
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(
      apiKeySecrets,
      and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.validUntil)),
    );
}

function conditionsOf(filter: ApiKeyFilter): (SQL | undefined)[] {
  const { userId, userEmail, teamId, alias, status } = filter;
  return [
    userId === undefined ? undefined : eq(apiKeys.userId, userId),
    userEmail === undefined ? undefined : eq(users.email, userEmail),
    teamId === undefined ? undefined : eq(apiKeys.teamId, teamId),
    alias === undefined ? undefined : eq(apiKeys.alias, alias),
    status === undefined ? undefined : hasStatus(status, filter.now),
    filter.includeRevoked || status === "revoked" ? undefined : isNull(apiKeys.revokedAt),
  ];
}

/** The same order of states as `statusOf` in `lib/console/api-key-view.ts`: the worst one counts. */
function hasStatus(status: NonNullable<ApiKeyFilter["status"]>, now: Date): SQL | undefined {
  const living = isNull(apiKeys.revokedAt);
  switch (status) {
    case "revoked":
      return isNotNull(apiKeys.revokedAt);
    case "disabled":
      return and(living, eq(apiKeys.isActive, false));
    case "expired":
      return and(living, eq(apiKeys.isActive, true), lte(apiKeys.expiresAt, now));
    case "active":
      return and(
        living,
        eq(apiKeys.isActive, true),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      );
    default:
      return status satisfies never;
  }
}

export async function getApiKey(db: Db, params: { id: string }): Promise<ApiKeyRow | undefined> {
  const [row] = await selectKeys(db).where(eq(apiKeys.id, params.id));
  return row;
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
    .set({ ...valuesOf(params), updatedAt: new Date() })
    .where(eq(apiKeys.id, params.id));
}

/** Columns one by one: nothing that a caller adds to the object reaches the table. */
function valuesOf(values: ApiKeyValues) {
  return {
    alias: values.alias,
    teamId: values.teamId,
    allowedModels: values.allowedModels,
    rateLimitRpm: values.rateLimitRpm,
    rateLimitTpm: values.rateLimitTpm,
    maxParallel: values.maxParallel,
    allowedCidrs: values.allowedCidrs,
    tags: values.tags,
    isActive: values.isActive,
    expiresAt: values.expiresAt,
  };
}

export async function revokeApiKey(db: Db, params: { id: string; at: Date }): Promise<void> {
  await db
    .update(apiKeys)
    .set({ revokedAt: params.at, updatedAt: params.at })
    .where(and(eq(apiKeys.id, params.id), isNull(apiKeys.revokedAt)));
}
