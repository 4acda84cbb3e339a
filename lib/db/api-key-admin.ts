import { and, desc, eq, gt, isNotNull, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** A key with its owner and the hint of its present secret. */
export interface ApiKeyRow {
  id: string;
  alias: string | null;
  note: string | null;
  hint: string | null;
  userId: string;
  userEmail: string;
  teamId: string | null;
  teamName: string | null;
  allowedModels: string[] | null;
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  maxParallel: number | null;
  allowedCidrs: string[] | null;
  tags: Record<string, string>;
  coalesce: boolean;
  isActive: boolean;
  revokedAt: Date | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** Until when the secret before a rotation is accepted; null when none is. */
  graceUntil: Date | null;
  version: number;
  createdAt: Date;
}

export const API_KEY_COLUMNS = {
  id: apiKeys.id,
  alias: apiKeys.alias,
  note: apiKeys.note,
  hint: apiKeySecrets.hint,
  userId: apiKeys.userId,
  userEmail: users.email,
  teamId: apiKeys.teamId,
  teamName: teams.name,
  allowedModels: apiKeys.allowedModels,
  rateLimitRpm: apiKeys.rateLimitRpm,
  rateLimitTpm: apiKeys.rateLimitTpm,
  maxParallel: apiKeys.maxParallel,
  allowedCidrs: apiKeys.allowedCidrs,
  tags: apiKeys.tags,
  coalesce: apiKeys.coalesce,
  isActive: apiKeys.isActive,
  revokedAt: apiKeys.revokedAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  graceUntil: sql<Date | null>`(
    select max(${apiKeySecrets.validUntil}) from ${apiKeySecrets}
    where ${apiKeySecrets.keyId} = ${apiKeys.id} and ${apiKeySecrets.validUntil} > now()
  )`.mapWith(apiKeys.expiresAt),
  version: apiKeys.version,
  createdAt: apiKeys.createdAt,
};

export interface ApiKeyFilter {
  scope: Scope;
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

/** What the console makes for a person's playground is no key that anybody manages. */
export const APPS_ONLY: SQL = eq(apiKeys.kind, "app");

/** A key has one present secret; the one that a rotation replaced carries its end. */
function selectKeys(db: Db) {
  return db
    .select(API_KEY_COLUMNS)
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(teams, eq(teams.id, apiKeys.teamId))
    .leftJoin(
      apiKeySecrets,
      and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.validUntil)),
    );
}

function conditionsOf(filter: ApiKeyFilter): (SQL | undefined)[] {
  const { userId, userEmail, teamId, alias, status } = filter;
  return [
    APPS_ONLY,
    withinScope(filter.scope, apiKeys),
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
  const [row] = await selectKeys(db).where(and(APPS_ONLY, eq(apiKeys.id, params.id)));
  return row;
}
