import { windowEndMs, windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";
import { type BudgetRow, listBudgetsOf } from "#lib/db/budgets-list.ts";
import type { Db } from "#lib/db/client.ts";
import { type SpendSubject, sumSpend } from "#lib/db/spend.ts";
import { budgetStates } from "#lib/limits/budget.ts";
import { formatUsd } from "#lib/money.ts";

/** The budget of a key, user or team, as its info shows it. */
export interface BudgetFields {
  budget_limit_usd: string | null;
  budget_period: BudgetPeriod | null;
  soft_limit_percent: number | null;
  budget_raise_usd: string | null;
  spend_usd: string;
  reserved_usd: string;
  resets_at: string | null;
}

/** What has been spent and is held of a budget in the window that `nowMs` falls into. */
export interface LiveBudget {
  spentNanos: bigint;
  reservedNanos: bigint;
}

interface Subjects {
  subject: SpendSubject;
  subjectIds: readonly string[];
}

/**
 * The budgets of some subjects, by subject id; every id asked for is there. Without a limit, what
 * was spent since ever is shown. Not for use inside a transaction: the live counters may be read on
 * a connection of their own, and the embedded database has only one.
 */
export async function readBudgetFields(
  db: Db,
  params: Subjects,
): Promise<(subjectId: string) => BudgetFields> {
  const rows = await listBudgetsOf(db, params);
  return await fieldsOf(db, params, { rows, live: await readLiveBudgets(rows) });
}

/** The same from the database alone, for what an audit event says of the time before a change. */
export async function readStoredBudgetFields(
  tx: Db,
  params: Subjects,
): Promise<(subjectId: string) => BudgetFields> {
  const rows = await listBudgetsOf(tx, params);
  return await fieldsOf(tx, params, { rows, live: (row) => row });
}

async function fieldsOf(
  db: Db,
  params: Subjects,
  { rows, live }: { rows: readonly BudgetRow[]; live: (row: BudgetRow) => LiveBudget },
): Promise<(subjectId: string) => BudgetFields> {
  const limited = new Map(rows.filter(isLimited).map((row) => [row.subjectId, row]));
  const spent = await sumSpend(db, {
    subject: params.subject,
    subjectIds: params.subjectIds.filter((id) => !limited.has(id)),
    since: new Date(0),
  });
  return (subjectId) => {
    const row = limited.get(subjectId);
    return row === undefined ? withoutLimit(spent.get(subjectId) ?? 0n) : withLimit(row, live(row));
  };
}

function isLimited(row: BudgetRow): boolean {
  return row.limitNanos !== null;
}

function withoutLimit(spentNanos: bigint): BudgetFields {
  return {
    budget_limit_usd: null,
    budget_period: null,
    soft_limit_percent: null,
    budget_raise_usd: null,
    spend_usd: formatUsd(spentNanos),
    reserved_usd: "0",
    resets_at: null,
  };
}

function withLimit(row: BudgetRow, live: LiveBudget): BudgetFields {
  return {
    budget_limit_usd: row.limitNanos === null ? null : formatUsd(row.limitNanos),
    budget_period: row.period,
    soft_limit_percent: row.softLimitPercent,
    budget_raise_usd: raiseOf(row) === 0n ? null : formatUsd(raiseOf(row)),
    spend_usd: formatUsd(live.spentNanos),
    reserved_usd: formatUsd(live.reservedNanos),
    resets_at: resetsAt(row.period),
  };
}

/** The room on top of a limit that still lasts. */
export function raiseOf(row: Pick<BudgetRow, "raiseNanos" | "raiseUntil">): bigint {
  return row.raiseUntil !== null && row.raiseUntil.getTime() > Date.now() ? row.raiseNanos : 0n;
}

/** When a budget of this period starts anew; `null` for one that never does. */
export function resetsAt(period: BudgetPeriod): string | null {
  const endMs = windowEndMs(period, Date.now());
  return endMs === null ? null : new Date(endMs).toISOString();
}

/** The counters of some budgets: those that requests count on, or the database's where they hold none. */
export async function readLiveBudgets(
  rows: readonly BudgetRow[],
): Promise<(row: BudgetRow) => LiveBudget> {
  const states = await budgetStates(rows.map((row) => row.id));
  const nowMs = Date.now();
  return (row) => {
    const state = states.get(row.id) ?? { ...row, windowStartMs: row.windowStart.getTime() };
    // A window that has ended is rolled by the next request, not by the clock.
    const isOver = state.windowStartMs < windowStartMs(row.period, nowMs);
    return { spentNanos: isOver ? 0n : state.spentNanos, reservedNanos: state.reservedNanos };
  };
}
