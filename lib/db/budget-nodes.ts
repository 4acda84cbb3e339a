import { and, asc, desc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { auditEvents } from "#drizzle/schema/audit-events.ts";
import { budgets } from "#drizzle/schema/budgets.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { APPS_ONLY } from "./api-key-admin.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

export interface KeyNode {
  id: string;
  name: string;
  userId: string;
  userName: string;
  teamId: string | null;
  teamName: string | null;
}

/** Keys that can still be used, those with a limit first, with their owner and team. */
export async function listKeyNodes(
  db: Db,
  params: { scope: Scope; teamId?: string | undefined; limit: number },
): Promise<KeyNode[]> {
  const limited = sql`exists (
    select 1 from ${budgets}
    where ${budgets.subject} = 'key' and ${budgets.subjectId} = ${apiKeys.id}::text
  )`;
  return await db
    .select({
      id: apiKeys.id,
      name: sql<string>`coalesce(${apiKeys.alias}, ${apiKeySecrets.hint}, ${apiKeys.id}::text)`,
      userId: apiKeys.userId,
      userName: sql<string>`coalesce(${users.name}, ${users.email})`,
      teamId: apiKeys.teamId,
      teamName: teams.name,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(teams, eq(teams.id, apiKeys.teamId))
    .leftJoin(
      apiKeySecrets,
      and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.validUntil)),
    )
    .where(
      and(
        APPS_ONLY,
        isNull(apiKeys.revokedAt),
        withinScope(params.scope, apiKeys),
        params.teamId === undefined ? undefined : eq(apiKeys.teamId, params.teamId),
      ),
    )
    .orderBy(desc(limited), asc(apiKeys.createdAt), asc(apiKeys.id))
    .limit(params.limit);
}

/** Living teams inside a scope. */
export async function listTeamNodes(
  db: Db,
  params: { scope: Scope; teamId?: string | undefined },
): Promise<{ id: string; name: string }[]> {
  const { scope, teamId } = params;
  return await db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(
      and(
        isNull(teams.deletedAt),
        scope.all ? undefined : inArray(teams.id, [...scope.teamIds]),
        teamId === undefined ? undefined : eq(teams.id, teamId),
      ),
    )
    .orderBy(asc(teams.name));
}

/** People by id, or everybody with a limit where none are asked for. */
export async function listLimitedPeople(
  db: Db,
  params: { scope: Scope },
): Promise<{ id: string; name: string }[]> {
  return await db
    .select({ id: users.id, name: sql<string>`coalesce(${users.name}, ${users.email})` })
    .from(users)
    .innerJoin(
      budgets,
      and(eq(budgets.subject, "user"), sql`${budgets.subjectId} = ${users.id}::text`),
    )
    .where(params.scope.all ? undefined : eq(users.id, params.scope.userId));
}

/** The changes of one subject's limit, the newest first. */
export async function listBudgetEvents(
  db: Db,
  params: { targetType: string; subjectId: string; limit: number },
) {
  const { targetType, subjectId, limit } = params;
  return await db
    .select({
      id: auditEvents.id,
      at: auditEvents.createdAt,
      actorName: auditEvents.actorName,
      action: auditEvents.action,
      before: auditEvents.before,
      after: auditEvents.after,
    })
    .from(auditEvents)
    .where(
      or(
        and(
          eq(auditEvents.targetType, targetType),
          eq(auditEvents.targetId, subjectId),
          sql`jsonb_exists_any(${auditEvents.after}, array['budget_limit_usd', 'budget_period', 'soft_limit_percent'])`,
        ),
        and(eq(auditEvents.targetType, "budget"), eq(auditEvents.targetId, subjectId)),
      ),
    )
    .orderBy(desc(auditEvents.sequence))
    .limit(limit);
}
