import { windowStartMs } from "#lib/contract/budget-window.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";
import {
  type BudgetRow,
  deleteBudgetsOf,
  insertBudget,
  listBudgetsOf,
  updateBudget,
} from "#lib/db/budgets-list.ts";
import type { Db } from "#lib/db/client.ts";
import { type SpendSubject, sumSpend } from "#lib/db/spend.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";

/** The budget fields of a body. An absent field stays as it is, a limit of `null` goes. */
export interface BudgetInput {
  budget_limit_usd?: bigint | null | undefined;
  budget_period?: BudgetPeriod | undefined;
  soft_limit_percent?: number | null | undefined;
}

interface Subject {
  subject: SpendSubject;
  subjectId: string;
}

/** Brings the one budget of a key, user, team or of the organization to what a body asks for. */
export async function saveBudget(db: Db, subject: Subject, input: BudgetInput): Promise<void> {
  if (input.budget_limit_usd === null) {
    await deleteBudgetsOf(db, subject);
    return;
  }
  if (!hasBudgetField(input)) {
    return;
  }
  const [present] = await listBudgetsOf(db, { ...subject, subjectIds: [subject.subjectId] });
  const limitNanos = input.budget_limit_usd ?? present?.limitNanos ?? undefined;
  if (limitNanos === undefined) {
    throw new ConduitError("missing_required_parameter", {
      message: "'budget_limit_usd' is required: there is no budget to set a period or warning of.",
      param: "budget_limit_usd",
    });
  }
  const softLimitPercent =
    input.soft_limit_percent === undefined
      ? (present?.softLimitPercent ?? null)
      : input.soft_limit_percent;
  const period = input.budget_period ?? present?.period ?? "total";
  if (present?.period === period) {
    await updateBudget(db, { id: present.id, limitNanos, softLimitPercent });
    return;
  }
  await deleteBudgetsOf(db, subject);
  await insertBudget(
    db,
    await openBudget(db, { ...subject, period, limitNanos, softLimitPercent }),
  );
}

function hasBudgetField(input: BudgetInput): boolean {
  return (
    input.budget_limit_usd !== undefined ||
    input.budget_period !== undefined ||
    (input.soft_limit_percent !== undefined && input.soft_limit_percent !== null)
  );
}

/**
 * A new budget counts what its window has cost so far. It is a row of its own even when only the
 * period of an old one changes: counters of the old window must not be taken for the new one's.
 */
async function openBudget(
  db: Db,
  terms: Subject & { period: BudgetPeriod; limitNanos: bigint; softLimitPercent: number | null },
): Promise<BudgetRow> {
  const { subject, subjectId, period, limitNanos, softLimitPercent } = terms;
  const windowStart = new Date(windowStartMs(period, Date.now()));
  const spent = await sumSpend(db, { subject, subjectIds: [subjectId], since: windowStart });
  return {
    id: newId(),
    subject,
    subjectId,
    period,
    limitNanos,
    softLimitPercent,
    raiseNanos: 0n,
    raiseUntil: null,
    spentNanos: spent.get(subjectId) ?? 0n,
    reservedNanos: 0n,
    windowStart,
  };
}
