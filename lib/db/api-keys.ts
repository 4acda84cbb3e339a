import { and, asc, eq, inArray, isNotNull, or, sql } from "drizzle-orm";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { budgets } from "#drizzle/schema/budgets.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { effectiveLimit } from "./budget-limit.ts";
import type { Db } from "./client.ts";

/** One secret with the key it opens, its owner, its team and their limits. */
export type KeyRow = Awaited<ReturnType<typeof selectKeys>>[number] & { budgets: BudgetRow[] };

type BudgetRow = Awaited<ReturnType<typeof selectBudgets>>[number];

/** The keys that any of the digests open, in no order. */
export async function listKeysByDigest(db: Db, digests: readonly Buffer[]): Promise<KeyRow[]> {
  const rows = await selectKeys(db, digests);
  if (rows.length === 0) {
    return [];
  }
  const found = Map.groupBy(
    await selectBudgets(db, rows),
    (row) => `${row.subject} ${row.subjectId}`,
  );
  const of = (subject: string, id: string | null) => found.get(`${subject} ${id}`) ?? [];
  return rows.map((row) => ({
    ...row,
    budgets: [
      ...of("key", row.key.id),
      ...of("user", row.user.id),
      ...of("team", row.key.teamId),
      ...of("organization", ORGANIZATION_ID),
    ].sort((left, right) => (left.id < right.id ? -1 : 1)),
  }));
}

function selectKeys(db: Db, digests: readonly Buffer[]) {
  return db
    .select({ secret: apiKeySecrets, key: apiKeys, user: OWNER, team: teams })
    .from(apiKeySecrets)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeySecrets.keyId))
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(teams, eq(teams.id, apiKeys.teamId))
    .where(inArray(apiKeySecrets.digest, [...digests]));
}

const OWNER = { id: users.id, email: users.email, suspendedAt: users.suspendedAt };

/** What ends keys, for those of the given ids, owners and teams that something has ended. */
export async function listEndedKeys(
  db: Db,
  scope: {
    keyIds: readonly string[];
    userIds: readonly string[];
    teamIds: readonly string[];
  },
) {
  return await db
    .select({
      key: { id: apiKeys.id, revokedAt: apiKeys.revokedAt, isActive: apiKeys.isActive },
      user: { suspendedAt: users.suspendedAt },
      team: { deletedAt: teams.deletedAt },
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .leftJoin(teams, eq(teams.id, apiKeys.teamId))
    .where(
      and(
        or(
          inArray(apiKeys.id, [...scope.keyIds]),
          inArray(apiKeys.userId, [...scope.userIds]),
          inArray(apiKeys.teamId, [...scope.teamIds]),
        ),
        or(
          isNotNull(apiKeys.revokedAt),
          eq(apiKeys.isActive, false),
          isNotNull(users.suspendedAt),
          isNotNull(teams.deletedAt),
        ),
      ),
    );
}

/** Every limit of the keys, their owners, their teams and of all; one without an amount is none. */
function selectBudgets(
  db: Db,
  rows: readonly { key: { id: string; userId: string; teamId: string | null } }[],
) {
  const ids = (
    pick: (key: { id: string; userId: string; teamId: string | null }) => string | null,
  ) => [...new Set(rows.map((row) => pick(row.key)).filter((id) => id !== null))];
  const subjects = [
    { subject: "key" as const, ids: ids((key) => key.id) },
    { subject: "user" as const, ids: ids((key) => key.userId) },
    { subject: "team" as const, ids: ids((key) => key.teamId) },
    { subject: "organization" as const, ids: [ORGANIZATION_ID] },
  ];
  const wanted = subjects
    .filter(({ ids: list }) => list.length > 0)
    .map(({ subject, ids: list }) =>
      and(eq(budgets.subject, subject), inArray(budgets.subjectId, list)),
    );
  return db
    .select({
      id: budgets.id,
      subject: budgets.subject,
      subjectId: budgets.subjectId,
      period: budgets.period,
      limitNanos: effectiveLimit().mapWith(BigInt),
    })
    .from(budgets)
    .where(and(isNotNull(budgets.limitNanos), or(...wanted)))
    .orderBy(asc(budgets.id));
}

/** Stores a secret's digest under a newer pepper; the token was just shown to us. */
export async function updateDigest(
  db: Db,
  secret: { id: string; digest: Buffer; pepperVersion: string },
): Promise<void> {
  await db
    .update(apiKeySecrets)
    .set({ digest: secret.digest, pepperVersion: secret.pepperVersion })
    .where(eq(apiKeySecrets.id, secret.id));
}

/** Notes when keys were last used; a later moment that is already there stays. */
export async function updateLastUsed(
  db: Db,
  uses: readonly { keyId: string; at: Date }[],
): Promise<void> {
  const rows = JSON.stringify(uses.map(({ keyId, at }) => ({ id: keyId, at: at.toISOString() })));
  // Locked in one order, so that two processes that write the same keys cannot wait in a circle.
  await db.execute(sql`
    with used as (
      select key.id, row.at from json_to_recordset(${rows}::text::json) as row (id uuid, at timestamptz)
      join api_keys as key on key.id = row.id
      order by key.id for update of key
    )
    update api_keys set last_used_at = greatest(last_used_at, used.at)
    from used where api_keys.id = used.id`);
}

/** Notes that an admin token is in use, at most once a minute. */
export async function touchAdminToken(db: Db, id: string): Promise<void> {
  await db.execute(sql`
    update admin_tokens set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`);
}
