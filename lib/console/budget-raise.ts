import type { Action } from "#lib/catalog/roles.ts";
import type { BudgetRaise, BudgetReset, BudgetSubjectRef } from "#lib/contract/budget-tree.ts";
import { windowEndMs } from "#lib/contract/budget-window.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import {
  type BudgetRow,
  deleteBudgetsOf,
  insertBudget,
  listBudgetsOf,
  raiseBudget as storeRaise,
} from "#lib/db/budgets-list.ts";
import type { Db } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, assertWithinReach, ledTeams } from "./actor.ts";
import { assertWithinTeam, limitsAfter } from "./api-key-caps.ts";
import { readTeamCaps } from "./api-key-team.ts";
import { assertSubject, BUDGET_NEEDS } from "./budget-changes.ts";
import { raiseOf } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { assertAllowed } from "./permission.ts";

/** Who leads a team may give its keys more; a key's owner may only tighten it. */
export const RAISE_NEEDS = { ...BUDGET_NEEDS, key: "key.budget.set" } as const;

/**
 * Gives a limit room until its window ends, on top of what it was given before. The limit itself
 * stays. Throws 400 for a total budget, which has no window that could end.
 */
export async function raiseBudget(actor: Actor, input: BudgetRaise): Promise<void> {
  await changeBudget(actor, input, RAISE_NEEDS[input.subject], async (tx, row) => {
    const endMs = windowEndMs(row.period, Date.now());
    if (endMs === null) {
      throw new ConduitError("invalid_value", {
        message:
          "A total budget never resets, so it cannot be raised until then. Change its limit.",
        param: "amount_usd",
      });
    }
    const raiseNanos = raiseOf(row) + input.amount_usd;
    await assertRaiseFits(tx, actor, { row, raiseNanos });
    const raiseUntil = new Date(endMs);
    await storeRaise(tx, { id: row.id, raiseNanos, raiseUntil });
    return {
      action: "budget.raise",
      before: { raise_usd: formatUsd(raiseOf(row)) },
      after: { raise_usd: formatUsd(raiseNanos), raise_until: raiseUntil.toISOString() },
    };
  });
}

/** Who leads a team raises its keys up to the team's own limit. */
async function assertRaiseFits(
  tx: Db,
  { principal }: Actor,
  { row, raiseNanos }: { row: BudgetRow; raiseNanos: bigint },
): Promise<void> {
  if (row.subject !== "key" || principal.kind !== "user" || principal.isAdmin) {
    return;
  }
  const key = await getApiKey(tx, { id: row.subjectId });
  const { team, teamBudget } = await readTeamCaps(tx, key?.teamId);
  const limitNanos = (row.limitNanos ?? 0n) + raiseNanos;
  const limits = limitsAfter(undefined, {
    budget_limit_usd: limitNanos,
    budget_period: row.period,
  });
  assertWithinTeam(limits, { team, budget: teamBudget });
}

/**
 * Lets a limit count from nothing again within its window. It becomes a row of its own, so that what
 * requests still hold of the old one is not charged to it.
 */
export async function resetBudget(actor: Actor, input: BudgetReset): Promise<void> {
  await changeBudget(actor, input, "budget.reset", async (tx, row) => {
    await deleteBudgetsOf(tx, { subject: row.subject, subjectId: row.subjectId });
    await insertBudget(tx, { ...row, id: newId(), spentNanos: 0n, reservedNanos: 0n });
    return {
      action: "budget.reset",
      before: { spent_usd: formatUsd(row.spentNanos) },
      after: { spent_usd: "0", reason: input.reason },
    };
  });
}

async function changeBudget(
  actor: Actor,
  ref: BudgetSubjectRef,
  needs: Action,
  work: (
    tx: Db,
    row: BudgetRow,
  ) => Promise<{
    action: string;
    before: Record<string, unknown>;
    after: Record<string, unknown>;
  }>,
): Promise<void> {
  assertAllowed(actor.principal, needs);
  assertSubject(ref);
  const { subject, subject_id: subjectId } = ref;
  await applyChange(actor, async (tx) => {
    const teamId = await assertReaches(tx, actor, ref);
    const [row] = await listBudgetsOf(tx, { subject, subjectIds: [subjectId] });
    const told = await work(tx, requireFound(row?.limitNanos == null ? undefined : row, "limit"));
    return { result: undefined, kind: "budget", subjectId, teamId, ...told };
  });
}

/**
 * Levels above a key belong to admins alone, as `BUDGET_NEEDS` says. Who leads a team gives its
 * keys room, and not a key of their own elsewhere: 403. Gives the team that an event belongs to.
 */
async function assertReaches(
  tx: Db,
  actor: Actor,
  { subject, subject_id: id }: BudgetSubjectRef,
): Promise<string | null> {
  if (subject !== "key") {
    return subject === "team" ? id : null;
  }
  const row = requireFound(await getApiKey(tx, { id }), "key");
  assertWithinReach(actor, "key.update", { ...row, what: "key" });
  assertLeads(actor, row.teamId);
  return row.teamId;
}

function assertLeads({ principal }: Actor, teamId: string | null): void {
  if (principal.kind !== "user" || principal.isAdmin) {
    return;
  }
  if (teamId === null || !ledTeams(principal).includes(teamId)) {
    throw new ConduitError("permission_denied", {
      message: "Only an admin of the key's team can give it more.",
    });
  }
}
