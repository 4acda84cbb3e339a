import { and, asc, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { budgets } from "#drizzle/schema/budgets.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { BudgetPeriod, BudgetSubject } from "#lib/contract/caller.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

/** A money limit as it stands in the database. Live counters may be ahead of it. */
export interface BudgetRow {
  id: string;
  subject: BudgetSubject;
  subjectId: string;
  period: BudgetPeriod;
  limitNanos: bigint | null;
  softLimitPercent: number | null;
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

/** `GET /budgets`: every limit there is. */
export async function listBudgets(
  db: Db,
  params: {
    limit: number;
    offset: number;
    subject?: BudgetSubject | undefined;
    subjectId?: string | undefined;
  },
): Promise<Page<BudgetRow & { subjectName: string }>> {
  const where = and(
    isNotNull(budgets.limitNanos),
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
  return { rows, total: await db.$count(budgets, where) };
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

export async function deleteBudgetsOf(
  db: Db,
  params: { subject: BudgetSubject; subjectId: string },
): Promise<void> {
  await db
    .delete(budgets)
    .where(and(eq(budgets.subject, params.subject), eq(budgets.subjectId, params.subjectId)));
}
