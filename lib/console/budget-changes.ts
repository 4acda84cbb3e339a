import type { Action } from "#lib/catalog/roles.ts";
import type { BudgetSet, BudgetSubjectRef } from "#lib/contract/budget-tree.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { type BudgetRow, listBudgetsOf } from "#lib/db/budgets-list.ts";
import { isUuid } from "#lib/ids.ts";
import { formatUsd } from "#lib/money.ts";
import type { Actor } from "./actor.ts";
import { changeApiKey } from "./api-key-changes.ts";
import { type BudgetInput, saveBudget } from "./budget-save.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { assertAllowed } from "./permission.ts";
import { changeTeam } from "./teams.ts";
import { changeUser } from "./users.ts";

/** What setting a limit of each level needs. */
export const BUDGET_NEEDS = {
  organization: "organization.budget.set",
  team: "team.budget.set",
  user: "user.budget.set",
  key: "key.update",
} as const satisfies Record<BudgetSubjectRef["subject"], Action>;

/** Sets or replaces a limit. Each level has its own permission; a key's rules are those of its edit. */
export async function setBudget(actor: Actor, input: BudgetSet): Promise<void> {
  const { subject, subject_id: id, ...fields } = input;
  await saveOf(actor, { subject, subject_id: id }, fields);
}

/** Takes a limit away. */
export async function removeBudget(actor: Actor, ref: BudgetSubjectRef): Promise<void> {
  await saveOf(actor, ref, { budget_limit_usd: null });
}

async function saveOf(
  actor: Actor,
  { subject, subject_id: id }: BudgetSubjectRef,
  fields: BudgetInput,
): Promise<void> {
  assertAllowed(actor.principal, BUDGET_NEEDS[subject]);
  assertSubject({ subject, subject_id: id });
  switch (subject) {
    case "key":
      await changeApiKey(actor, id, fields);
      return;
    case "team":
      await changeTeam(actor, id, fields);
      return;
    case "user":
      await changeUser(actor, id, fields);
      return;
    case "organization":
      await saveOrganizationBudget(actor, fields);
      return;
    default:
      subject satisfies never;
  }
}

/** What no id can name is not there; it must not reach a column of another type. */
export function assertSubject({ subject, subject_id: id }: BudgetSubjectRef): void {
  const isKnown = subject === "organization" ? id === ORGANIZATION_ID : isUuid(id);
  requireFound(isKnown ? id : undefined, subject);
}

async function saveOrganizationBudget(actor: Actor, fields: BudgetInput): Promise<void> {
  const subject = "organization";
  await applyChange(actor, async (tx) => {
    const [before] = await listBudgetsOf(tx, { subject, subjectIds: [ORGANIZATION_ID] });
    await saveBudget(tx, { subject, subjectId: ORGANIZATION_ID }, fields);
    const [after] = await listBudgetsOf(tx, { subject, subjectIds: [ORGANIZATION_ID] });
    return {
      result: undefined,
      kind: "budget",
      subjectId: ORGANIZATION_ID,
      action: "budget.set",
      before: termsOf(before),
      after: termsOf(after),
    };
  });
}

function termsOf(row: BudgetRow | undefined): Record<string, unknown> {
  return {
    budget_limit_usd: row?.limitNanos == null ? null : formatUsd(row.limitNanos),
    budget_period: row?.period ?? null,
    soft_limit_percent: row?.softLimitPercent ?? null,
  };
}
