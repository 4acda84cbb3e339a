import { and, desc, eq, gte, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { usageRollup15m as rollup } from "#drizzle/schema/usage-rollup-15m.ts";
import { users } from "#drizzle/schema/users.ts";
import { FAILED_OUTCOMES } from "#lib/catalog/outcomes.ts";
import { type KeyState, KEY_STATE_RULES as RULES } from "#lib/contract/api-key-list.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { API_KEY_COLUMNS, APPS_ONLY, type ApiKeyRow } from "./api-key-admin.ts";
import { spentSubjectOf } from "./budget-limit.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

const DAY_MS = 86_400_000;

export interface KeyListFilter {
  scope: Scope;
  limit: number;
  after?: string | undefined;
  /** One key, whatever its state. */
  keyId?: string | undefined;
  states?: readonly KeyState[] | undefined;
  teamId?: string | undefined;
  ownerId?: string | undefined;
  model?: string | undefined;
  unused: boolean;
  expiring: boolean;
  text?: string | undefined;
  now: Date;
}

export interface KeyListRecord extends ApiKeyRow {
  state: KeyState;
  spentSubject: "key" | "user" | "team" | "organization" | null;
  requests: number;
  limited: number;
  failed: number;
}

/** What each key did in the last day, whatever the filter. */
function dayOf(db: Db, now: Date) {
  const sum = (outcomes?: readonly string[]) => {
    const only =
      outcomes === undefined
        ? sql``
        : sql` filter (where ${rollup.outcome} in (${sql.join(
            outcomes.map((outcome) => sql`${outcome}`),
            sql`, `,
          )}))`;
    return sql<number>`coalesce(sum(${rollup.requests})${only}, 0)`;
  };
  return db
    .select({
      keyId: rollup.keyId,
      requests: sum().as("day_requests"),
      limited: sum(["limited"]).as("day_limited"),
      failed: sum(FAILED_OUTCOMES).as("day_failed"),
    })
    .from(rollup)
    .where(gte(rollup.bucketStart, new Date(now.getTime() - DAY_MS)))
    .groupBy(rollup.keyId)
    .as("day");
}

type Day = ReturnType<typeof dayOf>;

/** A key's state, the worst first; `KEY_STATES` has the same order. */
function stateOf(day: Day, now: Date): SQL<KeyState> {
  const at = now.toISOString();
  const soon = new Date(now.getTime() + RULES.expiresSoonDays * DAY_MS).toISOString();
  return sql<KeyState>`case
    when ${apiKeys.revokedAt} is not null then 'revoked'
    when not ${apiKeys.isActive} then 'disabled'
    when ${apiKeys.expiresAt} <= ${at}::timestamptz then 'expired'
    when ${spentSubjectOf(now)} is not null then 'over_budget'
    when ${day.requests} >= ${RULES.limitedLeastRequests}::int
      and ${day.limited} > ${day.requests} * ${RULES.limitedShare}::numeric then 'rate_limited'
    when ${day.requests} >= ${RULES.failedLeastRequests}::int
      and ${day.failed} > ${day.requests} * ${RULES.failedShare}::numeric then 'elevated_errors'
    when ${apiKeys.expiresAt} <= ${soon}::timestamptz then 'expires_soon'
    when exists (
      select 1 from ${apiKeySecrets}
      where ${apiKeySecrets.keyId} = ${apiKeys.id}
        and ${apiKeySecrets.validUntil} > ${at}::timestamptz
    ) then 'rotating'
    else 'active' end`;
}

/** One page of keys, the newest first, with what the list derives: one statement for all of it. */
export async function listKeyPage(db: Db, filter: KeyListFilter): Promise<KeyListRecord[]> {
  const day = dayOf(db, filter.now);
  const state = stateOf(day, filter.now);
  return await db
    .select({
      ...API_KEY_COLUMNS,
      state,
      spentSubject: sql<KeyListRecord["spentSubject"]>`${spentSubjectOf(filter.now)}`,
      requests: sql`coalesce(${day.requests}, 0)`.mapWith(Number),
      limited: sql`coalesce(${day.limited}, 0)`.mapWith(Number),
      failed: sql`coalesce(${day.failed}, 0)`.mapWith(Number),
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(teams, eq(teams.id, apiKeys.teamId))
    .leftJoin(
      apiKeySecrets,
      and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.validUntil)),
    )
    .leftJoin(day, eq(day.keyId, apiKeys.id))
    .where(and(...conditionsOf(filter, state)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(filter.limit);
}

function conditionsOf(filter: KeyListFilter, state: SQL): (SQL | undefined)[] {
  const { states, teamId, ownerId, after, keyId } = filter;
  if (keyId !== undefined) {
    return [APPS_ONLY, withinScope(filter.scope, apiKeys), eq(apiKeys.id, keyId)];
  }
  return [
    APPS_ONLY,
    withinScope(filter.scope, apiKeys),
    states === undefined || states.length === 0
      ? isNull(apiKeys.revokedAt)
      : inArray(state, [...states]),
    teamId === undefined ? undefined : eq(apiKeys.teamId, teamId),
    ownerId === undefined ? undefined : eq(apiKeys.userId, ownerId),
    after === undefined
      ? undefined
      : sql`(${apiKeys.createdAt}, ${apiKeys.id}) < (
          select last.created_at, last.id from api_keys as last where last.id = ${after}::uuid
        )`,
    ...searchOf(filter),
  ];
}

function searchOf({ model, unused, expiring, text, now }: KeyListFilter): (SQL | undefined)[] {
  const daysFromNow = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const lastSign = sql`coalesce(${apiKeys.lastUsedAt}, ${apiKeys.createdAt})`;
  return [
    model === undefined
      ? undefined
      : or(isNull(apiKeys.allowedModels), sql`${model} = any(${apiKeys.allowedModels})`),
    unused
      ? sql`${lastSign} < ${daysFromNow(-RULES.unusedDays).toISOString()}::timestamptz`
      : undefined,
    expiring
      ? and(
          isNotNull(apiKeys.expiresAt),
          gte(apiKeys.expiresAt, now),
          lt(apiKeys.expiresAt, daysFromNow(RULES.expiresSoonDays)),
        )
      : undefined,
    text === undefined || text === "" ? undefined : contains(text),
  ];
}

/** No pattern: what people type may hold the signs that a pattern is made of. */
function contains(text: string): SQL | undefined {
  const columns = [apiKeys.alias, apiKeys.note, users.email, teams.name, apiKeySecrets.hint];
  return or(...columns.map((column) => sql`position(lower(${text}) in lower(${column})) > 0`));
}
