import { and, asc, eq, inArray, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { budgets } from "#drizzle/schema/budgets.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { BudgetPeriod, BudgetSubject } from "#lib/contract/caller.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** A money limit as it stands in the database. Live counters may be ahead of it. */
export interface BudgetRow {
  id: string;
  subject: BudgetSubject;
  subjectId: string;
  period: BudgetPeriod;
  limitNanos: bigint | null;
  softLimitPercent: number | null;
  /** Room on top of the limit until `raiseUntil`. */
  raiseNanos: bigint;
  raiseUntil: Date | null;
  spentNanos: bigint;
  reservedNanos: bigint;
  windowStart: Date;
}

const COLUMNS = {
  id: budgets.id,
  subject: budgets.subject,
  subjectId: budgets.subjectId,
  period: budgets.period,
  limitNanos: budgets.limitNanos,
  softLimitPercent: budgets.softLimitPercent,
  raiseNanos: budgets.raiseNanos,
  raiseUntil: budgets.raiseUntil,
  spentNanos: budgets.spentNanos,
  reservedNanos: budgets.reservedNanos,
  windowStart: budgets.windowStart,
};

/** What people call a subject; its id when it is gone or has no name. */
const SUBJECT_NAME = sql<string>`coalesce(
  ${apiKeys.alias}, ${users.email}, ${teams.name}, ${deployments.name}, ${budgets.subjectId}
)`;

const joined = (kind: BudgetSubject, id: SQL | unknown): SQL =>
  sql`${budgets.subject} = ${kind} and ${id}::text = ${budgets.subjectId}`;

/**
 * `GET /budgets`: every limit there is inside a scope. A person's own, those of their keys, and those
 * of the teams they lead with the teams' keys; a playground's is its owner's affair.
 */
export async function listBudgets(
  db: Db,
  params: {
    scope: Scope;
    limit: number;
    offset: number;
    subject?: BudgetSubject | undefined;
    subjectId?: string | undefined;
  },
): Promise<Page<BudgetRow & { subjectName: string }>> {
  const where = and(
    isNotNull(budgets.limitNanos),
    or(isNull(apiKeys.kind), ne(apiKeys.kind, "playground")),
    insideScope(params.scope),
    params.subject === undefined ? undefined : eq(budgets.subject, params.subject),
    params.subjectId === undefined ? undefined : eq(budgets.subjectId, params.subjectId),
  );
  const rows = await db
    .select({ ...COLUMNS, subjectName: SUBJECT_NAME })
    .from(budgets)
    .leftJoin(apiKeys, joined("key", apiKeys.id))
    .leftJoin(users, joined("user", users.id))
    .leftJoin(teams, joined("team", teams.id))
    .leftJoin(deployments, joined("deployment", deployments.id))
    .where(where)
    .orderBy(asc(budgets.subject), asc(budgets.createdAt), asc(budgets.id))
    .limit(params.limit)
    .offset(params.offset);
  const counted = db
    .select({ id: budgets.id })
    .from(budgets)
    .leftJoin(apiKeys, joined("key", apiKeys.id))
    .where(where)
    .as("counted");
  return { rows, total: await db.$count(counted) };
}

function insideScope(scope: Scope): SQL | undefined {
  if (scope.all) {
    return undefined;
  }
  return or(
    and(eq(budgets.subject, "user"), eq(budgets.subjectId, scope.userId)),
    and(eq(budgets.subject, "team"), inArray(budgets.subjectId, [...scope.teamIds])),
    withinScope(scope, apiKeys),
  );
}

/** The limits of some subjects of one kind, by subject. */
export async function listBudgetsOf(
  db: Db,
  params: { subject: BudgetSubject; subjectIds: readonly string[] },
): Promise<BudgetRow[]> {
  if (params.subjectIds.length === 0) {
    return [];
  }
  return await db
    .select(COLUMNS)
    .from(budgets)
    .where(
      and(eq(budgets.subject, params.subject), inArray(budgets.subjectId, [...params.subjectIds])),
    );
}

export async function insertBudget(db: Db, params: BudgetRow): Promise<void> {
  await db.insert(budgets).values({
    id: params.id,
    subject: params.subject,
    subjectId: params.subjectId,
    period: params.period,
    limitNanos: params.limitNanos,
    softLimitPercent: params.softLimitPercent,
    raiseNanos: params.raiseNanos,
    raiseUntil: params.raiseUntil,
    spentNanos: params.spentNanos,
    reservedNanos: params.reservedNanos,
    windowStart: params.windowStart,
  });
}

/** Changes how high a limit is; what was spent of it and its window stay. */
export async function updateBudget(
  db: Db,
  params: { id: string; limitNanos: bigint; softLimitPercent: number | null },
): Promise<void> {
  await db
    .update(budgets)
    .set({
      limitNanos: params.limitNanos,
      softLimitPercent: params.softLimitPercent,
      updatedAt: new Date(),
    })
    .where(eq(budgets.id, params.id));
}

/** Gives a budget room on top of its limit until a moment. */
export async function raiseBudget(
  db: Db,
  params: { id: string; raiseNanos: bigint; raiseUntil: Date },
): Promise<void> {
  await db
    .update(budgets)
    .set({ raiseNanos: params.raiseNanos, raiseUntil: params.raiseUntil, updatedAt: new Date() })
    .where(eq(budgets.id, params.id));
}

export async function deleteBudgetsOf(
  db: Db,
  params: { subject: BudgetSubject; subjectId: string },
): Promise<void> {
  await db
    .delete(budgets)
    .where(and(eq(budgets.subject, params.subject), eq(budgets.subjectId, params.subjectId)));
}
